namespace VoiceGateway.Caller;

internal sealed class ListenPlayer(ListenStep step) : StepPlayer
{
    private long _deadline;

    public override bool Tick(CallerLeg leg, long now)
    {
        if (_deadline == 0) _deadline = now + StopwatchTime.Ticks(step.Timeout);
        if (!leg.AgentHasSpoken)
        {
            if (now < _deadline) return false;
            if (!step.Optional) leg.Problem($"the agent said nothing for {step.Timeout.TotalSeconds:0.#} s");
            return true;
        }
        var silence = step.Silence is { } own ? StopwatchTime.Ticks(own) : leg.Agent.TurnSilence;
        if (now - leg.Agent.LastAudible - StopwatchTime.Frame < silence) return false;
        leg.Listened();
        return true;
    }
}
