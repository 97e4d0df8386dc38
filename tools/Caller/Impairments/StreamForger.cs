using System.Buffers.Binary;

namespace VoiceGateway.Caller;

/// <summary>Gives packets the header of a sender that begins anew now and then: another SSRC, or timestamps that leap.</summary>
internal sealed class StreamForger(TimeSpan newStreamEvery, TimeSpan leapEvery, Random random)
{
    private uint _ssrc;
    private ushort _sequence;
    private uint _timestamp;
    private TimeSpan _lastStream;
    private TimeSpan _lastLeap;

    /// <param name="rtp">A packet, at least its header; changed in place.</param>
    /// <param name="sinceStart">When it was sent.</param>
    public void Forge(Span<byte> rtp, TimeSpan sinceStart)
    {
        if (newStreamEvery > TimeSpan.Zero && sinceStart - _lastStream >= newStreamEvery)
        {
            _lastStream += newStreamEvery;
            (_ssrc, _sequence, _timestamp) = ((uint)random.NextInt64(1, uint.MaxValue), (ushort)random.Next(), (uint)random.NextInt64(uint.MaxValue));
        }
        if (leapEvery > TimeSpan.Zero && sinceStart - _lastLeap >= leapEvery)
        {
            _lastLeap += leapEvery;
            _timestamp += (uint)random.Next(1_000_000, 1_000_000_000);
        }
        Add(rtp[2..], _sequence);
        BinaryPrimitives.WriteUInt32BigEndian(rtp[4..], BinaryPrimitives.ReadUInt32BigEndian(rtp[4..]) + _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(rtp[8..], BinaryPrimitives.ReadUInt32BigEndian(rtp[8..]) ^ _ssrc);

        static void Add(Span<byte> field, ushort offset) =>
            BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(field) + offset));
    }
}
