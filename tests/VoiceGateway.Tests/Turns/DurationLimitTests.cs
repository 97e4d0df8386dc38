using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class DurationLimitTests
{
    private static TurnOptions Options() => new() { IdleSeconds = 0, WarningSeconds = 60, GoodbyeGraceSeconds = 10 };

    private readonly WatchRun _run = new(Options(), TimeSpan.FromMinutes(5));

    private ConversationWatch Watch => _run.Watch;

    [Fact]
    public void Limit_IsWarnedOfThenGoodbyeThenTheEnd()
    {
        _run.Wait(239.9).AssertQuiet();
        Assert.Equal(WatchAction.DurationWarning, _run.Next(within: 0.2));
        Assert.Equal("[system] This call must end in one minute: tell the caller in one short sentence.", Watch.Text(WatchAction.DurationWarning));
        _run.AgentSays();
        Assert.Equal(WatchAction.None, _run.Next(within: 57.8));
        Assert.Equal(WatchAction.DurationGoodbye, _run.Next(within: 0.3));
        Assert.Contains("say goodbye", Watch.Text(WatchAction.DurationGoodbye));
        _run.Wait(1).AgentSays(3);
        Assert.Equal(WatchAction.EndDuration, _run.Next(within: 0.5));
        _run.CallerSays().Wait(60);
        Assert.Equal([WatchAction.DurationWarning, WatchAction.DurationGoodbye, WatchAction.EndDuration], _run.Actions);
    }

    [Fact]
    public void Goodbye_NeverSaid_EndsAfterTheGrace()
    {
        _run.Wait(300.1);
        Assert.Equal(WatchAction.None, _run.Next(within: 9.8));
        Assert.Equal(WatchAction.EndDuration, _run.Next(within: 0.3));
    }

    /// <summary>The caller's talking does not keep the call open.</summary>
    [Fact]
    public void Goodbye_TheCallerTalksOn_EndsAllTheSame()
    {
        _run.Wait(300.1);
        Watch.ModelAudio();
        _run.Wait(0.5, agentAudible: true);
        Watch.CallerStarted();
        Watch.Interrupted();
        Watch.TurnComplete();
        Assert.Equal(WatchAction.EndDuration, _run.Next(within: 10));
    }

    [Fact]
    public void Warning_WaitsForAPause()
    {
        _run.Wait(239);
        _run.Wait(5, agentAudible: true);
        Watch.CallerStarted();
        _run.Wait(3);
        _run.AssertQuiet();
        Watch.CallerStopped();
        Watch.ModelAudio();
        _run.Wait(2, agentAudible: true).AssertQuiet();
        Watch.GenerationComplete();
        Assert.Equal(WatchAction.DurationWarning, _run.Next(within: 0.1));
        Assert.Contains("one minute", Watch.Text(WatchAction.DurationWarning));
    }

    [Fact]
    public void Warning_NoPauseComes_IsGivenAtHalfTime()
    {
        _run.Wait(269.9, agentAudible: true).AssertQuiet();
        Assert.Equal(WatchAction.DurationWarning, _run.Next(within: 0.2, agentAudible: true));
        Assert.Contains("30 seconds", Watch.Text(WatchAction.DurationWarning));
    }

    [Fact]
    public void Goodbye_WaitsForAPauseButNotForLong()
    {
        _run.Wait(239).Wait(65, agentAudible: true);
        Assert.Equal([WatchAction.DurationWarning], _run.Actions);
        Assert.Equal(WatchAction.DurationGoodbye, _run.Next(within: 1.2, agentAudible: true));
    }

    /// <summary>What was being said at the goodbye is not the goodbye.</summary>
    [Fact]
    public void Goodbye_AskedIntoASpeech_WaitsForItsOwnAudio()
    {
        _run.Wait(305.5, agentAudible: true);
        Assert.Equal(WatchAction.DurationGoodbye, _run.Actions[^1]);
        Watch.TurnComplete();
        Assert.Equal(WatchAction.None, _run.Next(within: 4));
        _run.AgentSays(1);
        Assert.Equal(WatchAction.EndDuration, _run.Next(within: 0.5));
    }

    /// <summary>On hold and without a connection time runs on; so does it when the machine stood still.</summary>
    [Fact]
    public void Limit_RunsByTheWall()
    {
        _run.Wait(100);
        Watch.Held();
        _run.Wait(100);
        Watch.Resumed();
        _run.StandStill(150);
        Assert.Equal(WatchAction.DurationGoodbye, _run.Next(within: 0.1));
    }

    [Fact]
    public void Goodbye_OnHold_EndsAfterTheGrace()
    {
        _run.Wait(10);
        Watch.Held();
        _run.Wait(320);
        Assert.Equal([WatchAction.DurationGoodbye, WatchAction.EndDuration], _run.Actions);
    }

    /// <summary>A stall at the end: the goodbye goes before all recovery.</summary>
    [Fact]
    public void Goodbye_DuringAStall_NothingElseIsAsked()
    {
        var run = new WatchRun(Options(), TimeSpan.FromSeconds(30));
        run.Wait(27).CallerSays(1);
        run.Wait(40);
        Assert.Equal([WatchAction.DurationGoodbye, WatchAction.EndDuration], run.Actions);
    }

    [Theory]
    [InlineData(60, 60)] // A call no longer than its warning.
    [InlineData(60, 0)]
    public void NoWarning_StillHasAGoodbye(int limitSeconds, int warningSeconds)
    {
        var run = new WatchRun(new TurnOptions { IdleSeconds = 0, WarningSeconds = warningSeconds }, TimeSpan.FromSeconds(limitSeconds));
        run.Wait(80);
        Assert.Equal([WatchAction.DurationGoodbye, WatchAction.EndDuration], run.Actions);
    }

    [Fact]
    public void NoLimit_NeverEnds() => new WatchRun(Options()).Wait(7200).AssertQuiet();

    [Theory]
    [InlineData(3, "a few seconds")]
    [InlineData(29, "20 seconds")]
    [InlineData(49.4, "40 seconds")]
    [InlineData(52, "one minute")]
    [InlineData(120, "2 minutes")]
    [InlineData(-1, "a few seconds")]
    public void SpokenTime_IsShortAndInWords(double seconds, string words) => Assert.Equal(words, SpokenTime.Of(TimeSpan.FromSeconds(seconds)));
}
