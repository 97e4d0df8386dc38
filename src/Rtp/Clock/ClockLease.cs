using System.Diagnostics;

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

    /// <summary>
    /// Brings the leg's next tick forward to this moment, on the calling thread; the clock leaves out the one that was due, so that
    /// the count stays right. For what cannot wait a period, such as the end of a reply that has been interrupted. Not from within
    /// a callback. What the tick throws comes out here.
    /// </summary>
    /// <returns>False when the leg is gone, or was brought forward in this period already.</returns>
    public bool TickNow() => _leg.TickEarly(Stopwatch.GetTimestamp());

    public void Dispose()
    {
        if (_leg.Remove())
            _legs.Remove(_leg);
    }
}
