using System.Diagnostics;

namespace VoiceGateway.Rtp;

/// <summary>
/// Counts ticks that come late, and finds out why while the traces are fresh. Clock thread only, but for the counters. Ticks that
/// follow a late one closely, because they make up for it, are late for the same reason. All times in Stopwatch ticks.
/// </summary>
internal sealed class LatenessWatch(string clock, long threshold, Action<LateTick>? tell = null)
{
    private static readonly int Causes = Enum.GetValues<LateTickCause>().Length;

    // Read as often as its price allows: about a microsecond, and a hundred.
    private static readonly long QueueInterval = Stopwatch.Frequency / 50;
    private static readonly long StealInterval = Stopwatch.Frequency;
    private static readonly long TellInterval = 10 * Stopwatch.Frequency;

    private readonly long[] _byCause = new long[Causes];
    private ISystemPressure? _pressure;
    private long _late;
    private long _worst;

    // What the system's sums were when all was well.
    private long _pauses;
    private long _queue;
    private long _queueReadAt;
    private long _steal;
    private long _stealReadAt;

    // Of the tick before.
    private long _endedAt;
    private long _longest;
    private ClockLeg? _longestLeg;

    private LateTickCause _cause;
    private long _spellWorst;
    private long _toldAt = long.MinValue / 2;
    private long _lateWhenTold;

    public long Late => Volatile.Read(ref _late);

    public long Worst => Volatile.Read(ref _worst);

    public long LateBecause(LateTickCause cause) => Volatile.Read(ref _byCause[(int)cause]);

    /// <summary>From now on causes outside of the clock are looked at.</summary>
    public void Attach(ISystemPressure pressure) => _pressure = pressure;

    public void TickBegan(long now, long deadline)
    {
        var late = now - deadline;
        if (late > _worst)
            Volatile.Write(ref _worst, late);
        if (late <= threshold)
        {
            _spellWorst = 0;
            RememberPressure(now);
        }
        else
        {
            CountLate(now, deadline, late);
        }
        (_longest, _longestLeg) = (0, null);
    }

    /// <summary>A callback has run.</summary>
    public void Ran(ClockLeg leg, long took)
    {
        if (took <= _longest)
            return;
        (_longest, _longestLeg) = (took, leg);
    }

    public void TickEnded(long now) => _endedAt = now;

    /// <summary>Nobody is left to name.</summary>
    public void Rests() => _longestLeg = null;

    /// <summary>The clock begins, or has rested: what went on before explains nothing.</summary>
    public void Rested(long now)
    {
        (_spellWorst, _endedAt, _longest) = (0, 0, 0);
        RememberPressure(now, all: true);
    }

    private void CountLate(long now, long deadline, long late)
    {
        if (late > _spellWorst + threshold)
        {
            _cause = Explain(deadline, late - _spellWorst);
            _spellWorst = late;
            RememberPressure(now, all: true);
        }
        Volatile.Write(ref _late, _late + 1);
        Volatile.Write(ref _byCause[(int)_cause], _byCause[(int)_cause] + 1);
        if (tell is null || now - _toldAt < TellInterval)
            return;
        tell(new LateTick(clock, Stopwatch.GetElapsedTime(0, late), _cause, _late - _lateWhenTold, _longestLeg?.Clocked, Stopwatch.GetElapsedTime(0, _longest)));
        (_toldAt, _lateWhenTold) = (now, _late);
    }

    // From outside to inside: a callback is long, too, when the thread was taken off its core in the middle of it.
    private LateTickCause Explain(long deadline, long late)
    {
        var enough = late / 2;
        if (_pressure is { } pressure)
        {
            if (pressure.CollectorPauses - _pauses >= enough)
                return LateTickCause.GarbageCollection;
            if (pressure.RunQueueWait - _queue >= enough)
                return LateTickCause.RunQueue;
            if (pressure.Steal - _steal >= enough)
                return LateTickCause.Steal;
        }
        if (_longest >= enough)
            return LateTickCause.Callback;
        return _endedAt - deadline >= enough ? LateTickCause.Overload : LateTickCause.Unknown;
    }

    private void RememberPressure(long now, bool all = false)
    {
        if (_pressure is not { } pressure)
            return;
        _pauses = pressure.CollectorPauses;
        if (all || now - _queueReadAt >= QueueInterval)
            (_queue, _queueReadAt) = (pressure.RunQueueWait, now);
        if (all || now - _stealReadAt >= StealInterval)
            (_steal, _stealReadAt) = (pressure.Steal, now);
    }
}
