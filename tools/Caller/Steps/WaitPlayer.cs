namespace VoiceGateway.Caller;

internal sealed class WaitPlayer(WaitStep step) : StepPlayer
{
    private long _until;

    public override bool Tick(CallerLeg leg, long now)
    {
        if (_until == 0) _until = now + StopwatchTime.Ticks(step.Duration);
        return now >= _until;
    }
}
