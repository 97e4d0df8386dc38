using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class IdleCallerTests
{
    private static TurnOptions Options(int prompts = 2) =>
        new() { IdleSeconds = 10, IdlePrompts = prompts, IdleGoodbyeSeconds = 6, GoodbyeGraceSeconds = 5 };

    private readonly WatchRun _run = new(Options());

    private ConversationWatch Watch => _run.Watch;

    [Fact]
    public void Silence_AfterTheAgent_IsPromptedThenGoodbyeThenTheEnd()
    {
        _run.AgentSays(3).Wait(9.9).AssertQuiet();
        Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 0.2));
        Assert.StartsWith("[system] ", Watch.Text(WatchAction.IdlePrompt));
        Assert.Contains("still there", Watch.Text(WatchAction.IdlePrompt));
        _run.AgentSays();
        Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 10.1));
        _run.AgentSays();
        Assert.Equal(WatchAction.IdleGoodbye, _run.Next(within: 6.1));
        Assert.Contains("say goodbye", Watch.Text(WatchAction.IdleGoodbye));
        // Said and played: not a second longer.
        _run.Wait(1).AgentSays(2);
        Assert.Equal(WatchAction.EndIdle, _run.Next(within: 0.5));
        _run.CallerSays().Wait(60);
        Assert.Equal([WatchAction.IdlePrompt, WatchAction.IdlePrompt, WatchAction.IdleGoodbye, WatchAction.EndIdle], _run.Actions);
        Assert.Equal(2, Watch.Counters.IdlePrompts);
    }

    [Fact]
    public void Goodbye_NeverSaid_EndsAfterTheGrace()
    {
        UntilGoodbye();
        Assert.Equal(WatchAction.None, _run.Next(within: 4.9));
        Assert.Equal(WatchAction.EndIdle, _run.Next(within: 0.2));
    }

    /// <summary>The end of the turn is never announced.</summary>
    [Fact]
    public void Goodbye_WithoutItsEnd_EndsAfterAMoment()
    {
        UntilGoodbye();
        Watch.ModelAudio();
        _run.Wait(1, agentAudible: true);
        Assert.Equal(WatchAction.None, _run.Next(within: 1.9));
        Assert.Equal(WatchAction.EndIdle, _run.Next(within: 0.2));
    }

    [Fact]
    public void Goodbye_ThatDoesNotEnd_IsCutAfterTwiceTheGrace()
    {
        UntilGoodbye();
        Watch.ModelAudio();
        Assert.Equal(WatchAction.None, _run.Next(within: 9.9, agentAudible: true));
        Assert.Equal(WatchAction.EndIdle, _run.Next(within: 0.2, agentAudible: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Goodbye_TheCallerIsThereAfterAll_Lapses(bool byDigit)
    {
        UntilGoodbye();
        Watch.ModelAudio();
        _run.Wait(0.5, agentAudible: true);
        if (byDigit) Watch.Digit();
        else _run.CallerSays(0.5, agentAudible: true);
        Watch.Interrupted();
        _run.Wait(0.5).AgentSays();
        Assert.Equal(WatchAction.None, _run.Next(within: 9.8));
        // And the prompts count from the start.
        Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 0.3));
    }

    [Fact]
    public void Prompt_TheCallerAnswers_CountsFromTheStart()
    {
        for (var i = 0; i < 5; i++)
        {
            _run.AgentSays();
            Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 10.1));
            _run.AgentSays().CallerSays();
        }
    }

    /// <summary>The model does not say the prompt: a stall, with its own recovery; the goodbye waits for that.</summary>
    [Fact]
    public void Prompt_NeverSaid_IsAStall()
    {
        Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 10.1));
        Assert.Equal(WatchAction.Nudge, _run.Next(within: 4.1));
        Assert.Equal(StallCause.AskedInVain, Watch.Cause);
    }

    [Fact]
    public void Agent_LongSpeech_IsNoIdleTime() => _run.AgentSays(60).Wait(9.9).AssertQuiet();

    [Fact]
    public void Tool_Runs_IsNoIdleTime()
    {
        var run = new WatchRun(new TurnOptions { IdleSeconds = 10, Filler = "" });
        run.Watch.ToolAsked();
        run.Wait(60);
        run.Watch.ToolSettled(answerExpected: false);
        run.Wait(9.9).AssertQuiet();
        Assert.Equal(WatchAction.IdlePrompt, run.Next(within: 0.2));
    }

    [Fact]
    public void Held_OrLinkDown_IsNoIdleTime()
    {
        _run.Wait(9);
        Watch.Held();
        _run.Wait(60);
        Watch.Resumed();
        _run.Wait(9);
        Watch.LinkDown();
        _run.Wait(60);
        Watch.LinkUp(fresh: false);
        _run.Wait(9.9).AssertQuiet();
        Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 0.2));
    }

    [Fact]
    public void Digit_IsActivity()
    {
        _run.Wait(9);
        Watch.Digit();
        _run.Wait(9.9).AssertQuiet();
        Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 0.2));
    }

    /// <summary>Noises alone do not keep a call open, but no prompt talks into one.</summary>
    [Fact]
    public void Cough_IsNoActivity()
    {
        _run.Wait(9.95);
        _run.CallerSays(0.1).AssertQuiet();
        Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 0.2));
    }

    [Fact]
    public void CallerSpeaks_ForLong_IsNotPrompted()
    {
        Watch.CallerStarted();
        _run.Wait(60).AssertQuiet();
    }

    [Fact]
    public void NoPrompts_GoodbyeComesAtOnce()
    {
        var run = new WatchRun(Options(prompts: 0));
        Assert.Equal(WatchAction.IdleGoodbye, run.Next(within: 10.1));
    }

    [Fact]
    public void IdleSecondsZero_NeverPrompts() => new WatchRun(new TurnOptions { IdleSeconds = 0 }).Wait(600).AssertQuiet();

    private void UntilGoodbye()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(WatchAction.IdlePrompt, _run.Next(within: 10.1));
            _run.AgentSays();
        }
        Assert.Equal(WatchAction.IdleGoodbye, _run.Next(within: 6.1));
    }
}
