namespace VoiceGateway.Rtp;

/// <summary>A leg on the clock. Its gate is held during each of its callbacks, which is how a lease can promise that none runs any more.</summary>
internal sealed class ClockLeg(IClocked clocked, int index, int generation, int slot)
{
    private readonly Lock _gate = new();
    private bool _removed;
    private bool _tickedEarly;
    private bool _passedOver;

    public IClocked Clocked { get; } = clocked;

    public int Index { get; } = index;

    public int Slot { get; } = slot;

    /// <summary>Tells the sockets of this leg from those of an earlier one at the same index; the lowest bit marks RTCP.</summary>
    public long Token { get; } = ((long)generation << 32) | ((long)index << 1);

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
            Volatile.Write(ref _passedOver, true);
            return null;
        }
        try
        {
            if (_removed || IsDoneAlready())
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
            Clocked.OnTick(now);
            return true;
        }
    }

    // One tick of the clock is left out for the early one; the one that was passed over meanwhile is that one.
    private bool IsDoneAlready()
    {
        var early = _tickedEarly;
        _tickedEarly = false;
        var passedOver = _passedOver;
        _passedOver = false;
        return early && !passedOver;
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
