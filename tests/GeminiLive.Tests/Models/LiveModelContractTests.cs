namespace VoiceGateway.GeminiLive.Tests;

public sealed class LiveModelContractTests
{
    [Theory]
    [InlineData("gemini-3.8-live", "3.8 live")]
    [InlineData("models/gemini-3.8-live", "3.8 live")]
    [InlineData("gemini-3.8-live-extended-thinking", "3.8 live extended thinking")]
    [InlineData("gemini-3.1-flash-live-preview", "3.1 flash live")]
    [InlineData("gemini-2.5-flash-native-audio-preview-12-2025", "2.5 native audio")]
    [InlineData("gemini-live-2.5-flash-native-audio", "2.5 native audio")]
    [InlineData("gemini-live-2.5-flash-preview", "2.x half cascade")]
    [InlineData("gemini-2.0-flash-live-001", "2.x half cascade")]
    [InlineData("projects/p/locations/l/publishers/google/models/gemini-2.5-flash-native-audio", "2.5 native audio")]
    [InlineData("gemini-9-live", "3.8 live")]
    public void Family_IsFoundByName(string model, string family) => Assert.Equal(family, LiveModelContract.For(model).Family);

    [Fact]
    public void Table_SaysWhatTheProtocolSays()
    {
        LiveModelContract live = LiveModelContract.For("gemini-3.8-live");
        Assert.Equal(LiveThinkingSupport.None, live.Thinking);
        Assert.True(live.Scheduling && live.BehaviorSelectable && live.ContextUpdate && !live.ProactivityOptIn && live.ProactivityBuiltIn && !live.AudioStreamEndHonoured);
        Assert.Equal(LiveFunctionBehavior.NonBlocking, live.DefaultBehavior);

        LiveModelContract thinking = LiveModelContract.For("gemini-3.8-live-extended-thinking");
        Assert.Equal((LiveThinkingSupport.Level, LiveThinkingLevel.Low), (thinking.Thinking, thinking.LeastThinking));
        Assert.True(!thinking.Scheduling && !thinking.BehaviorSelectable && !thinking.ProactivityOptIn && thinking.ProactivityBuiltIn);
        Assert.Equal(LiveFunctionBehavior.NonBlocking, thinking.DefaultBehavior);

        LiveModelContract legacy = LiveModelContract.For("gemini-3.1-flash-live-preview");
        Assert.Equal((LiveThinkingSupport.Level, LiveThinkingLevel.Minimal), (legacy.Thinking, legacy.LeastThinking));
        Assert.True(!legacy.Scheduling && !legacy.BehaviorSelectable && !legacy.ProactivityOptIn && !legacy.ProactivityBuiltIn && legacy.AudioStreamEndHonoured);
        Assert.True(!legacy.ClientContentInMidSession && !legacy.CodeExecution && legacy.GoogleSearch && !legacy.ContextUpdate);
        Assert.Equal(LiveFunctionBehavior.Blocking, legacy.DefaultBehavior);

        LiveModelContract native = LiveModelContract.For("gemini-2.5-flash-native-audio");
        Assert.Equal(LiveThinkingSupport.Budget, native.Thinking);
        Assert.True(native.Scheduling && native.BehaviorSelectable && native.ProactivityOptIn && native.AudioStreamEndHonoured);
        Assert.True(native.ClientContentInMidSession && !native.ContextUpdate);
    }

    [Theory]
    [InlineData("gemini-3.8-live", 131_072)]
    [InlineData("gemini-2.5-flash-native-audio", 131_072)]
    [InlineData("gemini-2.0-flash-live-001", 32_768)]
    public void Limits_AreTheProtocols(string model, int context)
    {
        LiveModelContract contract = LiveModelContract.For(model);
        Assert.Equal(context, contract.ContextWindowTokens);
        Assert.Equal(TimeSpan.FromMinutes(10), contract.ConnectionLimit);
        Assert.Equal(TimeSpan.FromMinutes(15), contract.UncompressedSessionLimit);
        Assert.Equal(TimeSpan.FromHours(2), contract.ResumptionHandleLife);
    }

    [Theory]
    [InlineData("gemini-3.8-live", true)]
    [InlineData("gemini-3.8-live-extended-thinking", false)]
    [InlineData("gemini-3.1-flash-live-preview", false)]
    [InlineData("gemini-2.5-flash-native-audio", true)]
    public void Scheduling_WhereRefused_IsAViolation(string model, bool allowed)
    {
        LiveModelContract contract = LiveModelContract.For(model);
        Assert.Equal(allowed, contract.CheckScheduling(LiveScheduling.WhenIdle) is null);
        Assert.Null(contract.CheckScheduling(null));
    }
}
