namespace VoiceGateway.Caller;

/// <summary>Time between RTP packets, and how much later than its timestamp says each comes after the one before.</summary>
internal sealed class ArrivalMeter(ArrivalHistogram histogram)
{
    private long _lastArrival;
    private uint _lastTimestamp;
    private bool _restarted = true;

    public ArrivalHistogram Histogram => histogram;

    public long FirstArrival { get; private set; }

    /// <summary>Packets of which nothing is known but that they came while this side's clock was held up.</summary>
    public long Unmeasured { get; private set; }

    /// <summary>Measures a packet against the one before.</summary>
    /// <param name="arrival">When it was read, in Stopwatch ticks.</param>
    /// <param name="timestamp">Its RTP timestamp.</param>
    /// <param name="clockWasLate">Reading was held up here: how late the packet is cannot be told from how late it was read.</param>
    /// <returns>How late the packet is, in Stopwatch ticks; a sender that pauses and lets its timestamps run on (silence suppression) is not late.</returns>
    public long OnPacket(long arrival, uint timestamp, bool clockWasLate = false)
    {
        if (FirstArrival == 0) FirstArrival = arrival;
        if (clockWasLate)
        {
            Unmeasured++;
            _restarted = true;
        }
        var late = 0L;
        if (!_restarted)
        {
            var elapsed = arrival - _lastArrival;
            histogram.Record(StopwatchTime.Milliseconds(elapsed));
            late = Math.Max(0, elapsed - StopwatchTime.FromSamples((int)(timestamp - _lastTimestamp)));
        }
        _restarted = false;
        _lastArrival = arrival;
        _lastTimestamp = timestamp;
        return late;
    }

    /// <summary>A new stream: nothing connects its first packet to the last one.</summary>
    public void Restart() => _restarted = true;
}
