using System.Security.Cryptography;

namespace VoiceGateway.Rtp;

/// <summary>Sequence numbers and timestamps of what we send.</summary>
internal sealed class SendStream(int clockRateHz, long ticksPerSecond)
{
    private bool _hasBegun;
    private long _lastTicks;
    private uint _lastTimestamp;

    // Unpredictable starts (RFC 3550 5.1). The sequence starts in the lower half, so that an SRTP roll-over is not lost with the first packets (RFC 3711 3.3.1).
    private ushort _nextSequence = AnySequence();

    public uint Ssrc { get; private set; } = AnySsrc();

    /// <summary>Whether anything has gone out under <see cref="Ssrc"/>.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Timestamp of the next sample to be sent or skipped.</summary>
    public uint Timestamp { get; private set; } = (uint)RandomNumberGenerator.GetInt32(int.MinValue, int.MaxValue);

    public void Skip(int samples) => Timestamp += (uint)samples;

    /// <summary>Another source on the same timeline.</summary>
    public void Restart()
    {
        (Ssrc, _nextSequence) = (AnySsrc(), AnySequence());
        HasSent = false;
    }

    public int Write(Span<byte> destination, byte payloadType, bool marker, uint timestamp, ReadOnlySpan<byte> payload, long nowTicks)
    {
        (HasSent, _hasBegun, _lastTicks, _lastTimestamp) = (true, true, nowTicks, timestamp);
        return RtpPacket.Write(destination, payloadType, marker, _nextSequence++, timestamp, Ssrc, payload);
    }

    /// <summary>The RTP timestamp that belongs to this instant, for sender reports: the last one sent, run on by the clock (RFC 3550 6.4.1).</summary>
    public uint TimestampAt(long nowTicks) =>
        _hasBegun ? _lastTimestamp + (uint)(long)((nowTicks - _lastTicks) * (double)clockRateHz / ticksPerSecond) : Timestamp;

    private static uint AnySsrc() => (uint)RandomNumberGenerator.GetInt32(int.MinValue, int.MaxValue);

    private static ushort AnySequence() => (ushort)RandomNumberGenerator.GetInt32(0x8000);
}
