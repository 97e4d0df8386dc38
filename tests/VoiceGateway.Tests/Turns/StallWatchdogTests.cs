using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class StallWatchdogTests
{
    // Stalls alone: the other concerns keep still.
    private static TurnOptions Options(double stall = 4) => new() { StallSeconds = stall, IdleSeconds = 0, Filler = "" };

    private readonly WatchRun _run = new(Options());

    private ConversationWatch Watch => _run.Watch;

    [Fact]
    public void CallerSpoke_NothingComes_IsNudgedAfterTheSetTime()
    {
        _run.CallerSays().Wait(3.9).AssertQuiet();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.2));
        Assert.Equal(StallCause.NoAnswer, Watch.Cause);
        Assert.Equal("[system] " + _run.Options.AnswerText, Watch.Text(WatchAction.Nudge));
    }

    [Fact]
    public void CallerSpoke_TheModelAnswers_NothingIsAsked()
    {
        _run.CallerSays().Wait(3);
        _run.AgentSays(5).Wait(30).AssertQuiet();
        Assert.Empty(Watch.Counters.Stalls);
    }

    /// <summary>Nothing helps: every step once, in order, and then nothing more.</summary>
    [Fact]
    public void Stall_NothingHelps_GoesThroughAllStepsAndEnds()
    {
        _run.CallerSays().Wait(60);
        Assert.Equal(
            [WatchAction.Nudge, WatchAction.Reconnect, WatchAction.Nudge, WatchAction.FallBack, WatchAction.Nudge, WatchAction.GiveUp], _run.Actions);
        var at = _run.Asked.Select(static a => a.Seconds).ToArray();
        Assert.Equal(5, at[0], 0.1);
        Assert.All(at.Zip(at.Skip(1)), static pair => Assert.Equal(3, pair.Second - pair.First, 0.1));
        var count = Assert.Single(Watch.Counters.Stalls);
        Assert.Equal((StallCause.NoAnswer, 1, 0, 1), (count.Cause, count.Detected, count.Recovered, count.NotRecovered));
        Assert.Equal((3, 1, 1), (Watch.Counters.Nudges, Watch.Counters.Reconnects, Watch.Counters.FallBacks));
        _run.CallerSays().Wait(60);
        Assert.Equal(6, _run.Asked.Count);
    }

    [Fact]
    public void Stall_TheModelSpeaksAfterTheNudge_IsRecoveredAndTheNextStartsAtTheFirstStep()
    {
        _run.CallerSays().Wait(4.1);
        _run.Wait(1).AgentSays();
        var count = Assert.Single(Watch.Counters.Stalls);
        Assert.Equal((1, 1), (count.Detected, count.Recovered));
        Assert.InRange(count.LongestRecovery.TotalSeconds, 1, 1.2);
        Assert.Equal(count.LongestRecovery, count.RecoveryTime);
        _run.CallerSays().Wait(8);
        Assert.Equal([WatchAction.Nudge, WatchAction.Nudge, WatchAction.Reconnect], _run.Actions);
    }

    [Fact]
    public void Stall_ReconnectHelps_IsRecovered()
    {
        _run.CallerSays().Wait(7.1);
        Watch.LinkDown();
        _run.Wait(20);
        Watch.LinkUp(fresh: false);
        _run.Wait(2);
        Assert.Equal([WatchAction.Nudge, WatchAction.Reconnect], _run.Actions);
        _run.AgentSays().Wait(20);
        Assert.Equal(2, _run.Asked.Count);
        Assert.Equal(1, Watch.Counters.RecoveriesOf(StallCause.NoAnswer));
    }

    /// <summary>A connection that came back does not speak by itself.</summary>
    [Fact]
    public void Stall_NewConnectionIsSilent_IsNudgedBeforeTheNextStep()
    {
        _run.CallerSays().Wait(7.1);
        Watch.LinkDown();
        _run.Wait(1);
        Watch.LinkUp(fresh: true);
        _run.Wait(6.1);
        Assert.Equal([WatchAction.Nudge, WatchAction.Reconnect, WatchAction.Nudge, WatchAction.FallBack], _run.Actions);
    }

    /// <summary>A cough is owed no answer; a short "yes" is, and so is what the model could transcribe.</summary>
    [Theory]
    [InlineData(180, false, false)]
    [InlineData(180, true, true)]
    [InlineData(260, false, true)]
    public void CallerSound_Length_DecidesWhetherAnAnswerIsOwed(int milliseconds, bool transcribed, bool owed)
    {
        // As the detector tells it: the onset 40 ms late, the end 400 ms late.
        _run.Wait(1);
        _run.Wait(0.04);
        Watch.CallerStarted(agoMs: 40);
        _run.Wait((milliseconds - 40 + 400) / 1000.0);
        if (transcribed) Watch.CallerText();
        Watch.CallerStopped(agoMs: 400);
        _run.Wait(5);
        Assert.Equal(owed, _run.Asked.Count > 0);
    }

    [Fact]
    public void CallerSound_TranscribedAfterItsEnd_IsOwedAnAnswer()
    {
        _run.CallerSays(0.1).Wait(1);
        Watch.CallerText();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
    }

    /// <summary>The transcript of what has been answered already comes last of all.</summary>
    [Fact]
    public void CallerText_AfterTheAnswer_OwesNothing()
    {
        _run.CallerSays(0.1).AgentSays();
        Watch.CallerText();
        _run.Wait(10).AssertQuiet();
    }

    /// <summary>The model's own detector is quicker than ours, and its whole answer comes in one burst.</summary>
    [Fact]
    public void CallerStopped_AfterTheAnswerArrived_OwesNothing()
    {
        Watch.CallerStarted();
        _run.Wait(1.3);
        Watch.ModelAudio();
        Watch.GenerationComplete();
        _run.Wait(0.1, agentAudible: true);
        Watch.CallerStopped(agoMs: 400);
        _run.Wait(3, agentAudible: true);
        Watch.TurnComplete();
        _run.Wait(10).AssertQuiet();
    }

    /// <summary>The model put a word in while the caller went on: that is no answer to what came after it.</summary>
    [Fact]
    public void CallerStopped_LongAfterAWordOfTheModel_OwesAnAnswer()
    {
        Watch.CallerStarted();
        _run.Wait(1);
        Watch.ModelAudio();
        Watch.GenerationComplete();
        Watch.TurnComplete();
        _run.Wait(0.5, agentAudible: true).Wait(5);
        Watch.CallerStopped();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
    }

    [Fact]
    public void Backchannel_WhileTheAgentSpeaks_OwesNothing()
    {
        Watch.ModelAudio();
        Watch.GenerationComplete();
        _run.Wait(1, agentAudible: true).CallerSays(0.5, agentAudible: true).Wait(3, agentAudible: true);
        Watch.TurnComplete();
        _run.Wait(10).AssertQuiet();
    }

    [Fact]
    public void BargeIn_FlushedHereAndTheModelSaysNothing_IsNudged()
    {
        Watch.ModelAudio();
        _run.Wait(1, agentAudible: true);
        Watch.CallerStarted();
        _run.Wait(0.7, agentAudible: true);
        Watch.FlushedLocally();
        _run.Wait(0.5);
        Watch.CallerStopped();
        // The rest of the turn that was cut, which is dropped on arrival, ends.
        Watch.GenerationComplete();
        Watch.TurnComplete();
        Assert.Equal(WatchAction.None, _run.Next(within: 3.9));
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.2));
        Assert.Equal(StallCause.NoAnswer, Watch.Cause);
    }

    [Fact]
    public void CallerSpeaksAgain_BeforeTheNudge_WaitsAnew()
    {
        _run.CallerSays().Wait(3).CallerSays().Wait(3.9).AssertQuiet();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.2));
    }

    /// <summary>"Hello? ... Hello?" into a dead line must not put the nudge off for ever.</summary>
    [Fact]
    public void CallerRepeatsThemselves_AgainAndAgain_IsNudgedInAPause()
    {
        for (var i = 0; i < 4; i++) _run.CallerSays(0.5).Wait(3);
        Assert.Contains(WatchAction.Nudge, _run.Actions);
        Assert.InRange(_run.Asked[0].Seconds, 8, 12);
    }

    [Fact]
    public void Stall_WhileTheCallerSpeaks_Waits()
    {
        _run.CallerSays().Wait(3);
        Watch.CallerStarted();
        _run.Wait(20).AssertQuiet();
    }

    [Fact]
    public void Thoughts_KeepTheModelAlive()
    {
        _run.CallerSays();
        for (var i = 0; i < 5; i++)
        {
            _run.Wait(3);
            Watch.ModelText();
        }
        _run.AssertQuiet();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
    }

    [Fact]
    public void TurnComplete_WithoutAudio_IsNudgedSooner()
    {
        _run.CallerSays().Wait(1);
        Watch.GenerationComplete();
        Watch.TurnComplete();
        Assert.Equal(WatchAction.None, _run.Next(within: 0.5));
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.7));
        Assert.Equal(StallCause.TurnWithoutAudio, Watch.Cause);
        Assert.Equal(1, Watch.Counters.StallsOf(StallCause.TurnWithoutAudio));
    }

    /// <summary>The server took a noise for a turn; nobody waits for an answer to it.</summary>
    [Fact]
    public void TurnComplete_WithoutAudioAndNothingOwed_IsNoStall()
    {
        _run.AgentSays();
        _run.CallerSays(0.1);
        Watch.TurnComplete();
        _run.Wait(20).AssertQuiet();
    }

    [Fact]
    public void TurnComplete_OfATurnThatOnlyCalledATool_IsNoEmptyTurn()
    {
        _run.CallerSays().Wait(0.5);
        Watch.ToolAsked();
        Watch.GenerationComplete();
        Watch.TurnComplete();
        _run.Wait(20).AssertQuiet();
        Watch.ToolSettled();
        _run.Wait(3.5).AssertQuiet();
    }

    [Fact]
    public void Generation_RunsDry_IsNudgedToGoOn()
    {
        Watch.ModelAudio();
        _run.Wait(2, agentAudible: true).Wait(2.9).AssertQuiet();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.2));
        Assert.Equal(StallCause.SentenceCutShort, Watch.Cause);
        Assert.Contains("broke off", Watch.Text(WatchAction.Nudge));
        _run.Wait(3.1);
        Assert.Equal([WatchAction.Nudge, WatchAction.Reconnect], _run.Actions);
    }

    [Fact]
    public void Generation_AudioWaitsInPlayout_IsNoDrought()
    {
        Watch.ModelAudio();
        _run.Wait(30, agentAudible: true).AssertQuiet();
    }

    [Fact]
    public void Generation_PausesForATool_IsNoDrought()
    {
        Watch.ModelAudio();
        _run.Wait(1, agentAudible: true);
        Watch.ToolAsked();
        _run.Wait(30).AssertQuiet();
    }

    [Fact]
    public void TurnComplete_TranscriptStopsMidSentence_IsNudgedOnceAndForgotten()
    {
        _run.AgentSays(1, "Good evening.").CallerSays().AgentSays(1, "We have a table at").Wait(60);
        Assert.Equal([WatchAction.Nudge], _run.Actions);
        Assert.Equal(StallCause.SentenceCutShort, Watch.Cause);
    }

    [Theory]
    [InlineData(false, "We have a table at", false)] // A transcriber that writes no full stops.
    [InlineData(true, "We have a table at", true)]
    [InlineData(true, "We have a table at seven.", false)]
    [InlineData(true, "A table at seven, or", true)]
    [InlineData(true, "One, two,", true)]
    [InlineData(true, "Shall I?) ", false)]
    [InlineData(true, "我们有桌子。", false)]
    public void TurnComplete_Transcript_DecidesTheHint(bool marksBefore, string text, bool nudged)
    {
        _run.AgentSays(1, marksBefore ? "Good evening." : "good evening").CallerSays().AgentSays(1, text).Wait(10);
        Assert.Equal(nudged, _run.Asked.Count > 0);
    }

    [Fact]
    public void Hint_TheRestOfTheTranscriptComesLate_IsDropped()
    {
        _run.AgentSays(1, "Good evening.").CallerSays().AgentSays(1, "We have a table at").Wait(2);
        Watch.ModelText(" seven.");
        _run.Wait(20).AssertQuiet();
    }

    [Fact]
    public void Hint_TheCallerSpeaks_IsDropped()
    {
        _run.AgentSays(1, "Good evening.").CallerSays().AgentSays(1, "We have a table at").Wait(2);
        _run.CallerSays(0.1).Wait(20).AssertQuiet();
    }

    /// <summary>A hint that was wrong does not make the next stall graver, and two are enough for a call.</summary>
    [Fact]
    public void Hint_Unanswered_DoesNotEscalateLater()
    {
        for (var i = 0; i < 4; i++) _run.CallerSays().AgentSays(1, "Good evening.").CallerSays().AgentSays(1, "We have a table at").Wait(10);
        Assert.Equal([WatchAction.Nudge, WatchAction.Nudge], _run.Actions);
        _run.CallerSays().Wait(4.1);
        Assert.Equal(WatchAction.Nudge, _run.Actions[^1]);
        Assert.Equal(0, Watch.Counters.RecoveriesOf(StallCause.SentenceCutShort));
    }

    [Fact]
    public void ToolAnswered_TheModelIsSilent_IsDeaf()
    {
        _run.CallerSays().Wait(0.5);
        Watch.ToolAsked();
        _run.Wait(9);
        Watch.ToolSettled();
        _run.Wait(3.9).AssertQuiet();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.2));
        Assert.Equal(StallCause.DeafAfterTool, Watch.Cause);
        Assert.Contains("result", Watch.Text(WatchAction.Nudge));
    }

    [Fact]
    public void ToolAnswered_AnotherIsPending_Waits()
    {
        Watch.ToolAsked();
        Watch.ToolAsked();
        Watch.ToolSettled();
        _run.Wait(20).AssertQuiet();
        Watch.ToolSettled(answerExpected: false);
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
    }

    [Fact]
    public void ToolSettled_TellingNothing_OwesNothing()
    {
        Watch.ToolAsked();
        Watch.ToolSettled(answerExpected: false);
        _run.Wait(20).AssertQuiet();
    }

    /// <summary>The tool was called off, the caller's question was not.</summary>
    [Fact]
    public void ToolCancelled_TheCallersQuestionIsOpen_IsNudged()
    {
        _run.CallerSays().Wait(0.5);
        Watch.ToolAsked();
        _run.Wait(1);
        Watch.ToolSettled(answerExpected: false);
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
        Assert.Equal(StallCause.NoAnswer, Watch.Cause);
    }

    /// <summary>A model that calls the tool again at every nudge has still not said a word.</summary>
    [Fact]
    public void ToolCalledAgain_AtEveryNudge_StillEscalates()
    {
        _run.CallerSays();
        for (var i = 0; i < 3; i++)
        {
            Watch.ToolAsked();
            _run.Wait(0.5);
            Watch.ToolSettled();
            _run.Next(within: 5);
        }
        Assert.Equal([WatchAction.Nudge, WatchAction.Reconnect, WatchAction.Nudge], _run.Actions);
        Assert.Equal(1, Watch.Counters.Stalls.Sum(static s => s.Detected));
    }

    /// <summary>A non-blocking tool: the model talks beside it, and whether it has used the result is not known. One nudge, no more.</summary>
    [Fact]
    public void ToolAnswered_WhileTheModelSpeaksOn_IsNudgedOnceAtMost()
    {
        Watch.ToolAsked();
        Watch.ModelAudio();
        _run.Wait(0.5, agentAudible: true);
        Watch.ToolSettled();
        Watch.ModelAudio();
        _run.Wait(1, agentAudible: true);
        Watch.GenerationComplete();
        Watch.TurnComplete();
        _run.Wait(40);
        Assert.Equal([WatchAction.Nudge], _run.Actions);
        Assert.Equal(StallCause.DeafAfterTool, Watch.Cause);
    }

    [Fact]
    public void ToolAnswered_WhileTheModelSpeaksOn_TheNextGenerationPays()
    {
        Watch.ToolAsked();
        Watch.ModelAudio();
        Watch.ToolSettled();
        Watch.GenerationComplete();
        _run.AgentSays().Wait(40).AssertQuiet();
    }

    [Fact]
    public void Interrupted_ByTheCallerAndNoAnswer_IsNudgedAfterTheyStopped()
    {
        Watch.ModelAudio();
        _run.Wait(1, agentAudible: true);
        Watch.CallerStarted();
        _run.Wait(0.3, agentAudible: true);
        Watch.Interrupted();
        Watch.TurnComplete();
        _run.Wait(6).AssertQuiet();
        Watch.CallerStopped();
        Assert.Equal(WatchAction.None, _run.Next(within: 3.9));
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.2));
        Assert.Equal(StallCause.InterruptedWithoutEffect, Watch.Cause);
        Assert.Contains(_run.Options.AnswerText, Watch.Text(WatchAction.Nudge));
    }

    /// <summary>Nobody spoke: the model waits for the caller, who waits for the rest of the sentence.</summary>
    [Fact]
    public void Interrupted_ByNobody_IsNudgedToGoOn()
    {
        Watch.ModelAudio();
        _run.Wait(1, agentAudible: true);
        Watch.Interrupted();
        Watch.TurnComplete();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
        Assert.Equal(StallCause.InterruptedWithoutEffect, Watch.Cause);
        Assert.Contains(_run.Options.GoOnText, Watch.Text(WatchAction.Nudge));
    }

    /// <summary>The same, but all of the turn was there and playout went on: nothing is missing.</summary>
    [Fact]
    public void Interrupted_ByNobodyAndEverythingIsPlayed_IsNoStall()
    {
        Watch.ModelAudio();
        Watch.GenerationComplete();
        _run.Wait(1, agentAudible: true);
        Watch.Interrupted();
        _run.Wait(3, agentAudible: true).Wait(20).AssertQuiet();
    }

    [Fact]
    public void Interrupted_WhileNobodyDoesAnything_IsNoStall()
    {
        _run.AgentSays().Wait(1);
        Watch.Interrupted();
        Watch.TurnComplete();
        _run.Wait(20).AssertQuiet();
    }

    [Fact]
    public void Interrupted_TheGenerationGoesOn_IsToldToListen()
    {
        Watch.ModelAudio();
        Watch.CallerStarted();
        _run.Wait(0.5, agentAudible: true);
        Watch.Interrupted();
        for (var i = 0; i < 30 && _run.Asked.Count == 0; i++)
        {
            _run.Wait(0.1, agentAudible: true);
            Watch.ModelAudio();
        }
        Assert.InRange(_run.Seconds, 2, 2.8);
        _run.Tick(agentAudible: true);
        Assert.Equal([WatchAction.Nudge], _run.Actions);
        Assert.Contains(_run.Options.ListenText, Watch.Text(WatchAction.Nudge));
        // The caller has finished, and is not answered: the first step has been taken.
        Watch.GenerationComplete();
        Watch.CallerStopped();
        Watch.Interrupted();
        Assert.Equal(WatchAction.Reconnect, _run.Next(within: 4.1));
    }

    [Fact]
    public void Interrupted_AndAnsweredIntoTheLastSyllable_IsNoStall()
    {
        Watch.ModelAudio();
        _run.Wait(1, agentAudible: true);
        Watch.CallerStarted();
        Watch.Interrupted();
        _run.Wait(1);
        Watch.ModelAudio();
        Watch.GenerationComplete();
        Watch.CallerStopped();
        _run.Wait(2, agentAudible: true).Wait(20).AssertQuiet();
    }

    [Fact]
    public void Nudged_NothingComes_IsAskedInVain()
    {
        Watch.Nudged();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
        Assert.Equal(StallCause.AskedInVain, Watch.Cause);
    }

    /// <summary>The greeting is asked for while the phone rings; the wait begins at the answer.</summary>
    [Fact]
    public void Answered_GreetingIsMissing_IsNudgedAfterTheAnswer()
    {
        var run = new WatchRun(Options(), answered: false);
        run.Watch.Nudged();
        run.Wait(30).AssertQuiet();
        run.Watch.Answered();
        run.Wait(3.9).AssertQuiet();
        Assert.Equal(WatchAction.Nudge, run.Next(within: 0.2));
    }

    [Fact]
    public void Held_OrLinkDown_PausesAndStartsTheWaitAnew()
    {
        _run.CallerSays().Wait(3.5);
        Watch.Held();
        _run.Wait(60);
        Watch.Resumed();
        _run.Wait(3.5);
        Watch.LinkDown();
        _run.Wait(60);
        Watch.LinkUp(fresh: false);
        _run.Wait(3.9).AssertQuiet();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.2));
    }

    [Fact]
    public void LinkUp_FreshSession_IsNudgedSooner()
    {
        _run.CallerSays().Wait(1);
        Watch.LinkDown();
        Watch.LinkUp(fresh: true);
        _run.Wait(2.9).AssertQuiet();
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 0.2));
    }

    /// <summary>The connection broke in the middle of a sentence; the new one knows nothing of that.</summary>
    [Fact]
    public void LinkDown_MidSentence_IsASentenceCutShort()
    {
        Watch.ModelAudio();
        _run.Wait(1, agentAudible: true);
        Watch.LinkDown();
        _run.Wait(1);
        Watch.LinkUp(fresh: false);
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
        Assert.Equal(StallCause.SentenceCutShort, Watch.Cause);
    }

    [Fact]
    public void Machine_StoodStill_IsNoSilenceOfTheModel()
    {
        _run.CallerSays().Wait(1);
        _run.StandStill(10);
        _run.Wait(2).AssertQuiet();
    }

    [Fact]
    public void SilenceMayBeMeant_IsNudgedOnceGently()
    {
        var run = new WatchRun(Options(), silenceMayBeMeant: true);
        run.CallerSays().Wait(120);
        Assert.Equal([WatchAction.Nudge], run.Actions);
    }

    [Fact]
    public void SilenceMayBeMeant_TwiceInARow_IsNot()
    {
        var run = new WatchRun(Options(), silenceMayBeMeant: true);
        run.CallerSays().Wait(10).CallerSays().Wait(4.1);
        Assert.Equal([WatchAction.Nudge, WatchAction.Reconnect], run.Actions);
        Assert.Equal(2, run.Watch.Counters.StallsOf(StallCause.NoAnswer));
        run.AgentSays().CallerSays().Wait(4.1);
        Assert.Equal(WatchAction.Nudge, run.Actions[^1]);
        Assert.Equal(1, run.Watch.Counters.RecoveriesOf(StallCause.NoAnswer));
    }

    /// <summary>A voice that stops in the middle of a word is never meant.</summary>
    [Fact]
    public void SilenceMayBeMeant_SentenceCutShort_EscalatesAllTheSame()
    {
        var run = new WatchRun(Options(), silenceMayBeMeant: true);
        run.Watch.ModelAudio();
        run.Wait(1, agentAudible: true).Wait(10);
        Assert.Equal([WatchAction.Nudge, WatchAction.Reconnect, WatchAction.Nudge], run.Actions);
    }

    [Fact]
    public void StallSecondsZero_WatchesNothing()
    {
        var run = new WatchRun(Options(stall: 0));
        run.CallerSays().Wait(60);
        run.Watch.ModelAudio();
        run.Wait(60).AssertQuiet();
    }
}
