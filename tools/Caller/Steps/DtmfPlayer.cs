namespace VoiceGateway.Caller;

/// <summary>One key at a time: the next when the one before has been sent, with the pause that belongs to it.</summary>
internal sealed class DtmfPlayer(DtmfStep step) : StepPlayer
{
    private int _next;

    public override bool Tick(CallerLeg leg, long now)
    {
        if (_next == 0 && !leg.CanSendDigits)
        {
            leg.Problem("keys cannot be sent: the far end takes no telephone-events");
            return true;
        }
        if (!leg.KeysSent) return false;
        if (_next == step.Digits.Length) return true;
        if (_next == 0) leg.BeginKeys(new Turn(TurnKind.Dtmf, step.Digits), now);
        leg.Press(step.Digits[_next++], step.KeyDuration);
        if (_next == step.Digits.Length) leg.EndKeysAt(now + StopwatchTime.Ticks(step.KeyDuration));
        return false;
    }
}
