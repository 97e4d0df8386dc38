namespace VoiceGateway.Rtp;

/// <summary>Interarrival jitter (RFC 3550 6.4.1 and A.8), kept in units of the RTP clock.</summary>
internal sealed class JitterEstimator(int clockRateHz, long ticksPerSecond)
{
    private bool _hasTransit;
    private uint _transit;
    private long _epoch;
    private double _jitter;

    public double Jitter => Volatile.Read(ref _jitter);

    public double JitterSeconds => Jitter / clockRateHz;

    /// <summary>Forgets the last packet, not the estimate: the next one starts a new timeline.</summary>
    public void Restart() => _hasTransit = false;

    public void OnPacket(uint timestamp, long arrivalTicks)
    {
        if (!_hasTransit)
            _epoch = arrivalTicks;

        // Unsigned arithmetic modulo 2^32, as the timestamps themselves run.
        var arrival = unchecked((uint)(long)((arrivalTicks - _epoch) * (double)clockRateHz / ticksPerSecond));
        var transit = unchecked(arrival - timestamp);
        if (_hasTransit)
        {
            var difference = Math.Abs((double)unchecked((int)(transit - _transit)));
            Volatile.Write(ref _jitter, _jitter + ((difference - _jitter) / 16));
        }
        _transit = transit;
        _hasTransit = true;
    }
}
