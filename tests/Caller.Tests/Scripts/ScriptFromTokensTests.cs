namespace VoiceGateway.Caller.Tests;

public sealed class ScriptFromTokensTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _wav;

    public ScriptFromTokensTests() => _wav = _folder.Wav("a.wav", Pcm.Tone(440, 200), 8000);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Finish_SayAndInterrupt_ListensWhereItSpeaksInTurn()
    {
        var script = Build(true, ("--say", _wav), ("--text", "hello"), ("--interrupt-after", "1500ms"), ("--say", _wav), ("--dtmf", "12"));

        Assert.Equal(
            [typeof(ListenStep), typeof(SayStep), typeof(InterruptStep), typeof(ListenStep), typeof(DtmfStep), typeof(ListenStep), typeof(HangUpStep)],
            script.Steps.Select(step => step.GetType()));
        Assert.Equal("hello", Assert.IsType<SayStep>(script.Steps[1]).Text);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), Assert.IsType<InterruptStep>(script.Steps[2]).After);
    }

    [Fact]
    public void Finish_WaitAndBye_ReplaceListening()
    {
        var script = Build(false, ("--say", _wav), ("--wait", "2s"), ("--tone", "440:500ms"), ("--await-bye", "5s"));

        Assert.Equal(
            [typeof(SayStep), typeof(WaitStep), typeof(ToneStep), typeof(AwaitByeStep), typeof(HangUpStep)],
            script.Steps.Select(step => step.GetType()));
    }

    [Fact]
    public void Finish_NoSteps_HearsTheGreeting() =>
        Assert.Equal([typeof(ListenStep), typeof(HangUpStep)], Build(true).Steps.Select(step => step.GetType()));

    [Theory]
    [InlineData("--say", "none.wav", "none.wav")]
    [InlineData("--text", "words", "belongs behind")]
    [InlineData("--interrupt-after", "soon", "duration")]
    [InlineData("--dtmf", "x", "keys of a telephone")]
    [InlineData("--tone", "440", "440:500ms")]
    [InlineData("--wait", "2", "duration")]
    [InlineData("--await-bye", "", "duration")]
    public void Add_Wrong_NamesTheOption(string option, string value, string expected)
    {
        var error = new ScriptFromTokens(agentGreets: true).Add(option, value);

        Assert.StartsWith(option, error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Finish_InterruptWithoutSay_IsRefused()
    {
        var builder = new ScriptFromTokens(agentGreets: true);
        Assert.Null(builder.Add("--interrupt-after", "1s"));

        Assert.Null(builder.Finish(out var error));
        Assert.Contains("--say", error, StringComparison.Ordinal);
    }

    private static CallerScript Build(bool agentGreets, params (string Option, string Value)[] steps)
    {
        var builder = new ScriptFromTokens(agentGreets);
        foreach (var (option, value) in steps) Assert.Null(builder.Add(option, value));
        return builder.Finish(out _)!;
    }
}
