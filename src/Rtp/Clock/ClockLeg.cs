namespace VoiceGateway.Rtp;

/// <summary>A leg on the clock. Its gate is held during each of its callbacks, which is how a lease can promise that none runs any more.</summary>
internal sealed class ClockLeg(IClocked clocked, int index, int generation, int slot)
{
    private readonly Lock _gate = new();
    private volatile bool _removed;
    private volatile bool _tickedEarly;
    private volatile bool _passedOver;
    private volatile int _slot = slot;
    private volatile int _place = -1;
    private ArrivalSlot _arrivals;
    private int _toLeaveOut;
    private int _wish;

    public IClocked Clocked { get; } = clocked;

    public int Index { get; } = index;

    /// <summary>The slot that was found for it when it came.</summary>
    public int FirstSlot { get; } = slot;

    /// <summary>Its own. Changed by the clock thread.</summary>
    public int Slot { get => _slot; set => _slot = value; }

    /// <summary>The slot that drives it now; negative before the clock has taken it in. Written by the clock thread.</summary>
    public int Place { get => _place; set => _place = value; }

    public bool IsAhead => _place is >= 0 and var place && place != Slot;

    public bool IsRemoved => _removed;

    /// <summary>It has ticked before its time, and the tick of the clock that is left out for it is still to come.</summary>
    public bool IsOwedATick => Volatile.Read(ref _toLeaveOut) > 0;

    /// <summary>For the next tick; the last one counts.</summary>
    public LegWish Wish { get => (LegWish)Volatile.Read(ref _wish); set => Volatile.Write(ref _wish, (int)value); }

    /// <summary>Tells the sockets of this leg from those of an earlier one at the same index; the lowest bit marks RTCP.</summary>
    public long Token { get; } = ((long)generation << 32) | ((long)index << 1);

    public LegWish TakeWish() => (LegWish)Interlocked.Exchange(ref _wish, (int)LegWish.None);

    /// <summary>Its packets have been read behind the tick of this slot. Clock thread.</summary>
    /// <returns>True, again and again, when they usually are.</returns>
    public bool Arrived(int slot) => _arrivals.Saw(slot);

    /// <summary>One tick of the clock more does not reach the leg.</summary>
    public void LeaveOneOut() => Interlocked.Increment(ref _toLeaveOut);

    /// <summary>
    /// Returns what the callback threw. A leg that is busy on another thread (<see cref="TickEarly"/>, which may be preempted there)
    /// is passed over: the clock waits for nobody. Its sockets are announced again with the next tick.
    /// </summary>
    public Exception? Readable(bool isRtcp)
    {
        if (!_gate.TryEnter())
            return null;
        try
        {
            if (_removed)
                return null;
            if (isRtcp)
                Clocked.OnReadableRtcp();
            else
                Clocked.OnReadable();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc cref="Readable"/>
    public Exception? Tick(long deadline)
    {
        if (!_gate.TryEnter())
        {
            _passedOver = true;
            return null;
        }
        try
        {
            if (_removed || IsLeftOut())
                return null;
            Clocked.OnTick(deadline);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc cref="Readable"/>
    public Exception? HalfTick()
    {
        if (!_gate.TryEnter())
            return null;
        try
        {
            if (!_removed)
                Clocked.OnHalfTick();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Ticks on the calling thread, in place of the next tick of the clock. False when that has been done for this period already.</summary>
    public bool TickEarly(long now)
    {
        lock (_gate)
        {
            if (_removed || _tickedEarly)
                return false;
            _tickedEarly = true;
            LeaveOneOut();
            Clocked.OnTick(now);
            return true;
        }
    }

    // Each tick that came early is one of the clock's left out; the one that was passed over meanwhile is that one.
    private bool IsLeftOut()
    {
        _tickedEarly = false;
        if (_passedOver)
        {
            _passedOver = false;
            if (IsOwedATick)
                Interlocked.Decrement(ref _toLeaveOut);
        }
        if (!IsOwedATick)
            return false;
        Interlocked.Decrement(ref _toLeaveOut);
        return true;
    }

    /// <summary>Waits for a running callback, unless it is the one that asks. False when it was removed before.</summary>
    public bool Remove()
    {
        lock (_gate)
        {
            var first = !_removed;
            _removed = true;
            return first;
        }
    }
}
