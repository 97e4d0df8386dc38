namespace VoiceGateway.Caller.Tests;

public class TurnLogTests
{
    private readonly TurnLog _log = new();

    [Fact]
    public void Greeting_AgentSpeaksFirst_CountsFromTheAnswer()
    {
        _log.Answered(At(1000));
        _log.AgentStarted(At(1250));
        _log.AgentEnded(At(2000));

        var greeting = Assert.Single(Reports());
        Assert.Equal(TurnKind.Greeting, greeting.Kind);
        Assert.Equal(250, greeting.LatencyMs);
        Assert.Equal(1000, greeting.ReplyUntilMs);
    }

    [Fact]
    public void Say_ReplyAfterwards_CountsFromTheEndOfTheCallersSpeech()
    {
        _log.Answered(At(1000));
        Say(2000, 3000, agentIsSpeaking: false);
        _log.AgentStarted(At(3400));

        Assert.Equal(400, Reports()[1].LatencyMs);
        Assert.Null(Reports()[1].BargeInStopMs);
    }

    [Fact]
    public void Interrupt_AgentStopsAndReplies_TellsBoth()
    {
        _log.Answered(At(1000));
        _log.AgentStarted(At(1100));
        Say(2000, 3000, agentIsSpeaking: true, end: () => _log.AgentEnded(At(2180)));
        _log.AgentStarted(At(3500));

        var turn = Reports()[1];
        Assert.True(turn.OverAgent);
        Assert.Equal(180, turn.BargeInStopMs);
        Assert.Equal(500, turn.LatencyMs);
        Assert.Equal(1180, Reports()[0].ReplyUntilMs);
    }

    [Fact]
    public void Interrupt_AgentWasSilentAlready_InterruptedNothing()
    {
        _log.Answered(At(1000));
        _log.AgentStarted(At(1100));
        Say(2000, 3000, agentIsSpeaking: true, end: () => _log.AgentEnded(At(1900)));

        Assert.Null(Reports()[1].BargeInStopMs);
    }

    [Fact]
    public void Say_AgentCutsIn_IsANegativeLatency()
    {
        _log.Answered(At(1000));
        Say(2000, 3000, agentIsSpeaking: false, end: () => _log.AgentStarted(At(2700)));

        Assert.Equal(-300, Reports()[1].LatencyMs);
    }

    [Fact]
    public void Say_TwoUtterancesAfter_TheFirstIsTheReplyAndTheLastItsEnd()
    {
        _log.Answered(At(1000));
        Say(2000, 3000, agentIsSpeaking: false);
        _log.AgentStarted(At(3400));
        _log.AgentEnded(At(4000));
        _log.AgentStarted(At(6000));
        _log.AgentEnded(At(7000));

        Assert.Equal(400, Reports()[1].LatencyMs);
        Assert.Equal(6000, Reports()[1].ReplyUntilMs);
    }

    private void Say(int from, int until, bool agentIsSpeaking, Action? end = null)
    {
        _log.CallerStarted(new Turn(TurnKind.Say, "words"), At(from), agentIsSpeaking);
        end?.Invoke();
        _log.CallerEnded(At(until));
    }

    private List<TurnReport> Reports() => [.. _log.Turns.Select(turn => turn.ToReport(At(1000)))];

    private static long At(int milliseconds) => StopwatchTime.Ticks(TimeSpan.FromMilliseconds(milliseconds));
}
