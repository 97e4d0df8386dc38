namespace VoiceGateway.Rtp;

/// <summary>
/// What one tick does. Holds no thread, so tests can turn it by hand.
/// <code>
///   sleep ─▶ tick the legs of this slot ─▶ read what has come for any leg, until the next tick is due ─▶ sleep
/// </code>
/// Departures come first, for their cadence is heard; what has not been read in time is first in the next round. After a stall it is
/// the other way round: the ticks that are made up shall find what came meanwhile, and not fill in for it.
/// </summary>
internal sealed class ClockLoop(LegTable legs, IReadiness readiness, ISleeper sleeper, TickSchedule schedule, LatenessWatch watch, long stall)
{
    private readonly SlotLists _slots = legs.Slots;
    private long[] _ready = new long[128];
    private int _readyCount;
    private int _read;
    private long _ticks;
    private long _busy;
    private long _faults;

    public long Ticks => Volatile.Read(ref _ticks);

    public long SkippedTicks => schedule.Skipped;

    public long Busy => Volatile.Read(ref _busy);

    public long Faults => Volatile.Read(ref _faults);

    /// <summary>At the beginning, and after a rest.</summary>
    public void Start()
    {
        var now = sleeper.Now;
        schedule.Start(now);
        watch.Rested(now);
    }

    /// <summary>The last leg has gone: nothing of it is kept.</summary>
    public void Rest()
    {
        _slots.OpenInbox(schedule.Slot);
        _slots.Sweep();
        watch.Rests();
    }

    public void RunTick()
    {
        var began = sleeper.Now;
        if (began < schedule.Deadline)
        {
            sleeper.SleepUntil(schedule.Deadline);
            began = sleeper.Now;
        }
        watch.TickBegan(began, schedule.Deadline);
        var now = began;
        if (now - schedule.Deadline > stall)
            now = ReadAll(now);
        now = TickSlot(now);
        schedule.Advance(now);
        now = Read(now, until: schedule.Deadline);
        watch.TickEnded(now);
        Volatile.Write(ref _busy, _busy + (now - began));
        Volatile.Write(ref _ticks, _ticks + 1);
    }

    // What was left of an earlier round first, and then what has come since.
    private long ReadAll(long now) => Read(Read(now, long.MaxValue), long.MaxValue);

    // However short the time: a share of those that wait is read with every tick, so that a period has read them all.
    private long Read(long now, long until)
    {
        if (_read == _readyCount)
            Collect();
        for (var least = _read + (_readyCount / schedule.Slots); _read < _readyCount && (now < until || _read <= least); _read++)
        {
            if (legs.Find(_ready[_read]) is { } leg)
                now = Read(leg, LegTable.IsRtcp(_ready[_read]), now);
        }
        return now;
    }

    private long Read(ClockLeg leg, bool isRtcp, long now)
    {
        now = Ran(leg, leg.Readable(isRtcp), now);
        return !isRtcp && _slots.Follow(leg, schedule.LastSlot) ? Ran(leg, leg.Tick(schedule.LastDeadline), now) : now;
    }

    private void Collect()
    {
        var capacity = legs.Capacity * 2;
        if (_ready.Length < capacity)
            _ready = new long[capacity];
        (_read, _readyCount) = (0, readiness.Collect(_ready));
    }

    private long TickSlot(long now)
    {
        _slots.OpenInbox(schedule.Slot);
        var deadline = schedule.Deadline;
        var hasGone = false;
        foreach (var leg in _slots[schedule.Slot])
        {
            now = Ran(leg, leg.Tick(deadline), now);
            hasGone |= leg.IsRemoved;
        }
        if (hasGone)
            _slots.Sweep(schedule.Slot);
        return schedule.HalfwaySlot is >= 0 and var halfway ? TickHalfway(halfway, now) : now;
    }

    private long TickHalfway(int slot, long now)
    {
        foreach (var leg in _slots[slot])
        {
            if (leg.Clocked.WantsHalfTicks)
                now = Ran(leg, leg.HalfTick(), now);
        }
        return now;
    }

    private long Ran(ClockLeg leg, Exception? exception, long began)
    {
        if (exception is not null)
            Fault(leg, exception);
        var now = sleeper.Now;
        watch.Ran(leg, now - began);
        return now;
    }

    private void Fault(ClockLeg leg, Exception exception)
    {
        _faults++;

        // It may have been removed from within the callback that threw: it is told all the same, since it was its own doing.
        if (leg.Remove())
            legs.Remove(leg);
        try
        {
            leg.Clocked.OnFault(exception);
        }
        catch (Exception)
        {
            // Counted already; a leg that throws twice must not take the others with it.
        }
    }
}
