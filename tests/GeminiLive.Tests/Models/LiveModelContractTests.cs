namespace VoiceGateway.GeminiLive.Tests;

public sealed class LiveModelContractTests
{
    [Theory]
    [InlineData("gemini-3.8-live", "3.8 live")]
    [InlineData("models/gemini-3.8-live", "3.8 live")]
    [InlineData("gemini-3.8-live-extended-thinking", "3.8 live extended thinking")]
    [InlineData("gemini-3.1-flash-live-preview", "3.1 flash live")]
    [InlineData("gemini-2.5-flash-native-audio-preview-12-2025", "2.5 native audio")]
    [InlineData("gemini-live-2.5-flash-preview", "2.5 native audio")]
    [InlineData("projects/p/locations/l/publishers/google/models/gemini-2.5-flash-native-audio", "2.5 native audio")]
    [InlineData("gemini-9-live", "3.8 live")]
    public void Family_IsFoundByName(string model, string family) => Assert.Equal(family, LiveModelContract.For(model).Family);

    [Fact]
    public void Table_SaysWhatTheProtocolSays()
    {
        LiveModelContract live = LiveModelContract.For("gemini-3.8-live");
        Assert.Equal(LiveThinkingSupport.None, live.Thinking);
        Assert.True(live.Scheduling && live.BehaviorSelectable && live.ContextUpdate && !live.ProactivityOptIn && !live.AudioStreamEndHonoured);
        Assert.Equal(LiveFunctionBehavior.NonBlocking, live.DefaultBehavior);

        LiveModelContract thinking = LiveModelContract.For("gemini-3.8-live-extended-thinking");
        Assert.Equal(LiveThinkingSupport.Level, thinking.Thinking);
        Assert.True(!thinking.Scheduling && !thinking.BehaviorSelectable && !thinking.ProactivityOptIn);
        Assert.Equal(LiveFunctionBehavior.NonBlocking, thinking.DefaultBehavior);

        LiveModelContract legacy = LiveModelContract.For("gemini-3.1-flash-live-preview");
        Assert.True(!legacy.Scheduling && !legacy.BehaviorSelectable && !legacy.ProactivityOptIn && legacy.AudioStreamEndHonoured);
        Assert.Equal(LiveFunctionBehavior.Blocking, legacy.DefaultBehavior);

        LiveModelContract native = LiveModelContract.For("gemini-2.5-flash-native-audio");
        Assert.Equal(LiveThinkingSupport.Budget, native.Thinking);
        Assert.True(native.Scheduling && native.BehaviorSelectable && native.ProactivityOptIn && native.AudioStreamEndHonoured);
    }
}
