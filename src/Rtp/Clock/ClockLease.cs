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

    /// <summary>Which of the ticks in a period drives the leg, unless it runs ahead.</summary>
    public int Slot => _leg.Slot;

    /// <summary>The leg ticks before its time, by less than a period.</summary>
    public bool IsAhead => _leg.IsAhead;

    /// <summary>
    /// Brings the leg's next tick forward to this moment, on the calling thread; the clock leaves out the one that was due, so that
    /// the count stays right. For what cannot wait a period, such as the end of a reply that has been interrupted. Not from within
    /// a callback. What the tick throws comes out here.
    /// </summary>
    /// <returns>False when the leg is gone, or was brought forward in this period already.</returns>
    public bool TickNow() => _leg.TickEarly(Stopwatch.GetTimestamp());

    /// <summary>
    /// From the clock's next tick on the leg runs ahead of its place by what it would have waited for it: a talk spurt that begins leaves
    /// at once, and its packets stay a period apart. Its first tick comes less than a period after the one before.
    /// Nothing happens where the leg is due anyway, or runs ahead already. Any thread.
    /// </summary>
    public void RunAhead() => Ask(LegWish.RunAhead);

    /// <summary>
    /// Back to its place, when nothing is said that would suffer from a longer interval: the next tick comes later by what the
    /// leg was ahead. As many ticks have come then as without it, so a receiver's buffer does not fill up from turn to turn.
    /// </summary>
    public void Settle()
    {
        if (IsAhead)
            Ask(LegWish.Settle);
    }

    public void Dispose()
    {
        if (_leg.Remove())
            _legs.Remove(_leg);
    }

    private void Ask(LegWish wish)
    {
        _leg.Wish = wish;
        _legs.Slots.Post(_leg);
    }
}
