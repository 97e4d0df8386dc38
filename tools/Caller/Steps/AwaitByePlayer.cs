namespace VoiceGateway.Caller;

/// <summary>The BYE itself ends the call, and with it the script; only its absence is noticed here.</summary>
internal sealed class AwaitByePlayer(AwaitByeStep step) : StepPlayer
{
    private long _deadline;

    public override bool Tick(CallerLeg leg, long now)
    {
        if (_deadline == 0) _deadline = now + StopwatchTime.Ticks(step.Timeout);
        if (now < _deadline) return false;
        leg.Problem($"the other side did not hang up within {step.Timeout.TotalSeconds:0.#} s");
        return true;
    }
}
