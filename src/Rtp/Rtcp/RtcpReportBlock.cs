using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>Report block of RFC 3550 section 6.4.1. Jitter is in units of the RTP clock, delay in 1/65536 s.</summary>
internal readonly record struct RtcpReportBlock(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint ExtendedHighest, uint Jitter, uint LastSenderReport, uint DelaySinceLastSenderReport)
{
    public const int Length = 24;

    private const int LostMax = 0x7FFFFF;
    private const int LostMin = -0x800000;

    public static RtcpReportBlock Read(ReadOnlySpan<byte> bytes)
    {
        // 24 bits, signed: shifting the fraction out and back fills in the sign.
        var lost = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) << 8 >> 8;
        return new(
            BinaryPrimitives.ReadUInt32BigEndian(bytes),
            bytes[4],
            lost,
            BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));
    }

    public int Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], Math.Clamp(CumulativeLost, LostMin, LostMax));
        bytes[4] = FractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], ExtendedHighest);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], DelaySinceLastSenderReport);
        return Length;
    }
}
