namespace VoiceGateway.Rtp;

/// <summary>
/// Sends queued digits as RFC 4733 events: an update every 20 ms with the marker on the first, the end three times (2.5.1.4),
/// then a pause. <see cref="TryQueue"/> and <see cref="Drop"/> may be called from any thread; all else belongs to the clock thread.
/// </summary>
internal sealed class TelephoneEventSender(int clockRateHz)
{
    private const int TickMs = 20;
    private const int EndPackets = 3;

    // From the end of one digit to the start of the next; receivers ask for 40 to 70 ms between tones (ITU-T Q.24).
    private const int PauseMs = 80;
    private const byte Volume = 10;

    private DigitQueue<(byte Event, int DurationMs)> _queue;
    private bool _active;
    private byte _event;
    private uint _start;
    private int _samples;
    private int _elapsedMs;
    private int _durationMs;
    private int _ends;
    private bool _hasEarlier;
    private uint _earliestNext;

    /// <summary>Audio is left out as long as a digit, its repeated end or the pause after it lasts.</summary>
    public bool IsActive => _active;

    /// <summary>No digit is being sent and none waits. Safe from any thread, as a snapshot.</summary>
    public bool IsIdle => !Volatile.Read(ref _active) && _queue.IsEmpty;

    public bool TryQueue(byte code, int durationMs) => _queue.TryAdd((code, durationMs));

    /// <summary>Forgets what waits; a digit that has begun goes on to its end.</summary>
    public void Drop() => _queue.Clear();

    /// <summary>
    /// Called once every 20 ms with the stream's timestamp. True: a packet with <paramref name="timestamp"/> (the event's start) is due.
    /// </summary>
    public bool TryNext(uint streamTimestamp, out TelephoneEvent packet, out uint timestamp, out bool marker)
    {
        packet = default;
        timestamp = 0;
        marker = false;
        if (!_active && !TryBegin(streamTimestamp))
            return false;

        marker = _elapsedMs == 0;
        _elapsedMs += TickMs;
        if (_elapsedMs >= _durationMs + PauseMs)
            End();

        var isEnd = _elapsedMs >= _durationMs;
        if (isEnd && ++_ends > EndPackets)
            return false;

        timestamp = _start;
        var soFar = isEnd ? _samples : _elapsedMs * clockRateHz / 1000;
        packet = new TelephoneEvent(_event, isEnd, Volume, (ushort)soFar);
        return true;
    }

    private bool TryBegin(uint streamTimestamp)
    {
        if (!_queue.TryTake(out var next))
            return false;
        (_event, _durationMs) = next;
        _samples = Math.Min(ushort.MaxValue, _durationMs * clockRateHz / 1000);

        // A stream that stands still (nothing sent or skipped meanwhile) must not give two digits one timestamp.
        _start = _hasEarlier && unchecked((int)(_earliestNext - streamTimestamp)) > 0 ? _earliestNext : streamTimestamp;
        _hasEarlier = true;
        _earliestNext = _start + (uint)(_samples + (PauseMs * clockRateHz / 1000));
        _elapsedMs = 0;
        _ends = 0;
        Volatile.Write(ref _active, true);
        return true;
    }

    private void End() => Volatile.Write(ref _active, false);
}
