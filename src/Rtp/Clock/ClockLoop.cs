namespace VoiceGateway.Rtp;

/// <summary>What one tick does: read what has come for any leg, then tick the legs of this slot. Holds no thread, so tests can turn it by hand.</summary>
internal sealed class ClockLoop(LegTable legs, IReadiness readiness, ISleeper sleeper, TickSchedule schedule, long tickLength)
{
    private long[] _ready = new long[128];
    private long _ticks;
    private long _lateTicks;
    private long _maxLateness;
    private long _busy;
    private long _faults;

    public long Ticks => Volatile.Read(ref _ticks);

    public long LateTicks => Volatile.Read(ref _lateTicks);

    public long SkippedTicks => schedule.Skipped;

    public long MaxLateness => Volatile.Read(ref _maxLateness);

    public long Busy => Volatile.Read(ref _busy);

    public long Faults => Volatile.Read(ref _faults);

    public void Start() => schedule.Start(sleeper.Now);

    public void RunTick()
    {
        var began = sleeper.Now;
        if (began < schedule.Deadline)
        {
            sleeper.SleepUntil(schedule.Deadline);
            began = sleeper.Now;
        }
        CountLateness(began - schedule.Deadline);

        Drain();
        TickSlot();

        var ended = sleeper.Now;
        _busy += ended - began;
        _ticks++;
        schedule.Advance(ended);
    }

    private void Drain()
    {
        var capacity = legs.Capacity * 2;
        if (_ready.Length < capacity)
            _ready = new long[capacity];

        var count = readiness.Collect(_ready);
        for (var i = 0; i < count; i++)
        {
            if (legs.Find(_ready[i]) is { } leg && leg.Readable(LegTable.IsRtcp(_ready[i])) is { } exception)
                Fault(leg, exception);
        }
    }

    private void TickSlot()
    {
        var deadline = schedule.Deadline;
        foreach (var leg in legs.InSlot(schedule.Slot))
        {
            if (leg.Tick(deadline) is { } exception)
                Fault(leg, exception);
        }
        if (schedule.HalfwaySlot is >= 0 and var halfway)
            TickHalfway(halfway);
    }

    private void TickHalfway(int slot)
    {
        foreach (var leg in legs.InSlot(slot))
        {
            if (leg.Clocked.WantsHalfTicks && leg.HalfTick() is { } exception)
                Fault(leg, exception);
        }
    }

    private void CountLateness(long late)
    {
        if (late > tickLength)
            _lateTicks++;
        if (late > _maxLateness)
            _maxLateness = late;
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
