namespace VoiceGateway.Rtp;

/// <summary>Turns missing sequence numbers into missing samples, and notices when the timestamps start anew.</summary>
internal sealed class AudioTimeline(int clockRateHz, long ticksPerSecond)
{
    // A packet may claim to lie this much further ahead than the time that has passed. Beyond it the sender's clock has jumped.
    private const int MaxLeapSeconds = 2;

    private bool _started;
    private uint _timestamp;
    private long _arrivalTicks;
    private int _packetSamples;
    private int _missingPackets;
    private bool _consecutive;

    public void Restart()
    {
        _started = false;
        _missingPackets = 0;
        _consecutive = false;
    }

    public void Missing(int packets)
    {
        _missingPackets += packets;
        _consecutive = false;
    }

    /// <summary>A packet in the sequence that was no audio: the next timestamp difference tells nothing about the packet length.</summary>
    public void OtherPacket() => _consecutive = false;

    /// <summary>Next audio packet in order. Returns false when the timeline restarts with it; otherwise the samples lost before it.</summary>
    public bool TryContinue(uint timestamp, bool marker, long arrivalTicks, out int lostSamples)
    {
        lostSamples = 0;
        var continues = true;
        if (_started)
        {
            var step = unchecked((int)(timestamp - _timestamp));
            var elapsed = (arrivalTicks - _arrivalTicks) * (double)clockRateHz / ticksPerSecond;
            continues = step >= 0 && step <= elapsed + (MaxLeapSeconds * (double)clockRateHz);
            if (continues)
                lostSamples = LostSamples(step, marker);
        }

        (_started, _timestamp, _arrivalTicks) = (true, timestamp, arrivalTicks);
        _missingPackets = 0;
        _consecutive = true;
        return continues;
    }

    private int LostSamples(int step, bool marker)
    {
        if (_missingPackets == 0)
        {
            // Two packets in a row tell the packet length, unless silence was suppressed between them, which the marker shows (RFC 3551 4.1).
            if (_consecutive && !marker && step > 0 && step <= clockRateHz / 5)
                _packetSamples = step;
            return 0;
        }

        // Never more than the missing packets can have held: what exceeds it is suppressed silence, which the next timestamp shows.
        // Never more than the timestamps leave room for: the missing ones may have been telephone-events, which take none.
        var length = _packetSamples > 0 ? _packetSamples : step / (_missingPackets + 1);
        return (int)Math.Clamp(step - (long)length, 0, (long)length * _missingPackets);
    }
}
