using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class SilenceFillerTests
{
    private readonly WatchRun _run = new(new TurnOptions { IdleSeconds = 0 });

    private ConversationWatch Watch => _run.Watch;

    [Fact]
    public void Tool_TakesLong_IsFilledUntilTheModelSpeaks()
    {
        Watch.ToolAsked();
        _run.Wait(0.9).AssertQuiet();
        Assert.Equal(WatchAction.StartFiller, _run.Next(within: 0.2));
        _run.Wait(5);
        Watch.ToolSettled();
        // Over the model's own thinking too.
        Assert.Equal(WatchAction.None, _run.Next(within: 1.5));
        Watch.ModelAudio();
        Assert.Equal(WatchAction.StopFiller, _run.Tick(agentAudible: true));
        Watch.GenerationComplete();
        _run.Wait(3, agentAudible: true).Wait(10);
        Assert.Equal([WatchAction.StartFiller, WatchAction.StopFiller], _run.Actions);
        Assert.Equal(1, Watch.Counters.Fillers);
    }

    [Fact]
    public void Tool_Quick_IsNotFilled()
    {
        Watch.ToolAsked();
        _run.Wait(0.9);
        Watch.ToolSettled();
        Watch.ModelAudio();
        _run.Wait(3, agentAudible: true).AssertQuiet();
    }

    [Fact]
    public void Agent_SpeaksBesideTheTool_IsFilledAfterABreath()
    {
        Watch.ModelAudio();
        Watch.ToolAsked();
        _run.Wait(3, agentAudible: true).Wait(0.4).AssertQuiet();
        Assert.Equal(WatchAction.StartFiller, _run.Next(within: 0.2));
    }

    [Fact]
    public void Link_GoneWhileAnAnswerIsOwed_IsFilledUntilTheModelSpeaks()
    {
        _run.CallerSays();
        Watch.LinkDown();
        Assert.Equal(WatchAction.StartFiller, _run.Next(within: 1.1));
        _run.Wait(8);
        Watch.LinkUp(fresh: false);
        _run.Wait(1);
        Watch.ModelAudio();
        _run.Tick(agentAudible: true);
        Assert.Equal([WatchAction.StartFiller, WatchAction.StopFiller], _run.Actions);
    }

    [Fact]
    public void Link_GoneInTheMiddleOfASentence_IsFilledOnceWhatCameHasBeenPlayed()
    {
        Watch.ModelAudio();
        Watch.LinkDown();
        _run.Wait(4, agentAudible: true).AssertQuiet();
        Assert.Equal(WatchAction.StartFiller, _run.Next(within: 0.6));
    }

    [Fact]
    public void Link_GoneWhileNobodyWaits_IsNotFilled()
    {
        Watch.LinkDown();
        _run.Wait(20).AssertQuiet();
    }

    [Fact]
    public void Caller_Speaks_StopsItAndGetsItBackAfterwards()
    {
        Watch.ToolAsked();
        _run.Wait(2);
        Watch.CallerStarted();
        Assert.Equal(WatchAction.StopFiller, _run.Tick());
        _run.Wait(2);
        Watch.CallerStopped();
        Assert.Equal(WatchAction.StartFiller, _run.Next(within: 0.6));
    }

    [Fact]
    public void Tool_Cancelled_StopsIt()
    {
        Watch.ToolAsked();
        _run.Wait(2);
        Watch.ToolSettled(answerExpected: false);
        Assert.Equal(WatchAction.StopFiller, _run.Tick());
    }

    [Fact]
    public void Held_StopsIt_AndTheLossOfTheLinkDoesNot()
    {
        Watch.ToolAsked();
        _run.Wait(2);
        Watch.Held();
        Assert.Equal(WatchAction.StopFiller, _run.Tick());
        Watch.Resumed();
        Assert.Equal(WatchAction.StartFiller, _run.Next(within: 0.6));
        Watch.LinkDown();
        Assert.Equal(WatchAction.None, _run.Next(within: 3));
    }

    /// <summary>Its own sound is no voice of the agent: under it a deaf model is found out in time.</summary>
    [Fact]
    public void ModelDeafAfterTheTool_IsNudgedUnderTheFiller()
    {
        Watch.ToolAsked();
        _run.Wait(2);
        Watch.ToolSettled();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1, agentAudible: true));
        Assert.Equal(WatchAction.Reconnect, _run.Next(within: 3.1, agentAudible: true));
        Watch.LinkDown();
        Assert.Equal(WatchAction.None, _run.Next(within: 3, agentAudible: true));
    }

    [Fact]
    public void Goodbye_UnderTheFiller_StopsItFirst()
    {
        var run = new WatchRun(new TurnOptions { IdleSeconds = 0 }, TimeSpan.FromSeconds(5));
        run.Watch.ToolAsked();
        run.Wait(30);
        Assert.Equal([WatchAction.StartFiller, WatchAction.StopFiller, WatchAction.DurationGoodbye, WatchAction.EndDuration], run.Actions);
    }

    [Fact]
    public void GiveUp_UnderTheFiller_StopsItFirst()
    {
        Watch.ToolAsked();
        _run.Wait(2);
        Watch.ToolSettled();
        _run.Wait(40);
        Assert.Equal([WatchAction.StopFiller, WatchAction.GiveUp], _run.Actions[^2..]);
    }

    [Fact]
    public void GiveUp_TheModelSpeaksInTheLastMoment_IsTakenBack()
    {
        Watch.ToolAsked();
        _run.Wait(2);
        Watch.ToolSettled();
        while (_run.Tick() != WatchAction.StopFiller)
        {
        }
        Watch.ModelAudio();
        _run.Wait(2, agentAudible: true);
        Assert.DoesNotContain(WatchAction.GiveUp, _run.Actions);
        Assert.Equal(1, Watch.Counters.RecoveriesOf(StallCause.DeafAfterTool));
    }

    [Fact]
    public void NoFiller_NeverStarts()
    {
        var run = new WatchRun(new TurnOptions { IdleSeconds = 0, Filler = "" });
        run.Watch.ToolAsked();
        run.Wait(30).AssertQuiet();
    }
}
