namespace VoiceGateway.Rtp;

/// <summary>
/// A leg's place on the clock. After <see cref="Dispose"/> has returned no callback of the leg runs or will run; called from within one
/// of them, it returns at once and that one is the last. Any thread; do not hold a lock that a callback may want.
/// </summary>
public sealed class ClockLease : IDisposable
{
    private readonly LegTable _legs;
    private readonly ClockLeg _leg;

    internal ClockLease(LegTable legs, ClockLeg leg)
    {
        _legs = legs;
        _leg = leg;
    }

    /// <summary>Which of the ticks in a period drives the leg.</summary>
    public int Slot => _leg.Slot;

    public void Dispose()
    {
        if (_leg.Remove())
            _legs.Remove(_leg);
    }
}
