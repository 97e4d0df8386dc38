namespace VoiceGateway.Caller;

internal sealed class InterruptPlayer(InterruptStep step) : StepPlayer
{
    private readonly SayPlayer _say = new(step.Audio, TurnKind.Interrupt, step.Text);
    private long _deadline;
    private bool _speaking;

    public override bool Tick(CallerLeg leg, long now)
    {
        if (_deadline == 0) _deadline = now + StopwatchTime.Ticks(step.Timeout);
        if (!_speaking && !IsTime(leg, now)) return false;
        _speaking = true;
        return _say.Tick(leg, now);
    }

    private bool IsTime(CallerLeg leg, long now)
    {
        if (leg.AgentHasSpoken) return !leg.Agent.IsSpeaking || now - leg.Agent.UtteranceStart >= StopwatchTime.Ticks(step.After);
        if (now < _deadline) return false;
        leg.Problem($"the agent said nothing for {step.Timeout.TotalSeconds:0.#} s: there was nothing to interrupt");
        return true;
    }
}
