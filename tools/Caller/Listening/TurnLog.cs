namespace VoiceGateway.Caller;

/// <summary>Tells which of the agent's utterances answers which of the caller's turns. Clock thread only.</summary>
internal sealed class TurnLog
{
    private readonly List<Turn> _turns = [];
    private Turn? _interrupted;

    public IReadOnlyList<Turn> Turns => _turns;

    public Turn? Current { get; private set; }

    public void Answered(long now) => Spoke(new Turn(TurnKind.Greeting, null) { SpokeFrom = now, SpokeUntil = now });

    /// <summary>The caller begins to be heard. What the agent is saying at that moment is being interrupted; what it says after is the reply.</summary>
    public void CallerStarted(Turn turn, long now, bool agentIsSpeaking)
    {
        turn.SpokeFrom = now;
        turn.OverAgent = agentIsSpeaking;
        _interrupted = agentIsSpeaking ? Current : null;
        Spoke(turn);
    }

    public void CallerEnded(long now)
    {
        if (Current is { SpokeUntil: 0 } turn) turn.SpokeUntil = now;
    }

    public void AgentStarted(long utteranceStart)
    {
        if (Current is { ReplyFrom: 0 } turn && utteranceStart >= turn.SpokeFrom) turn.ReplyFrom = utteranceStart;
    }

    public void AgentEnded(long lastAudible)
    {
        if (Current is not { } turn) return;
        if (turn.ReplyFrom != 0)
        {
            turn.ReplyUntil = lastAudible;
            return;
        }
        if (turn.OverAgent && lastAudible > turn.SpokeFrom) turn.InterruptedUntil = lastAudible;
        if (_interrupted is { ReplyFrom: not 0 } interrupted) interrupted.ReplyUntil = lastAudible;
    }

    private void Spoke(Turn turn)
    {
        _turns.Add(turn);
        Current = turn;
    }
}
