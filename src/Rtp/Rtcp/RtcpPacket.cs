using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>One packet of a compound, read in place. Bounds are checked before one is handed out.</summary>
internal readonly ref struct RtcpPacket
{
    private const int SenderInfoLength = 20;

    private readonly ReadOnlySpan<byte> _body;

    public RtcpPacket(RtcpPacketType type, int count, ReadOnlySpan<byte> body)
    {
        Type = type;
        Count = count;
        _body = body;
    }

    public RtcpPacketType Type { get; }

    /// <summary>Report blocks, or SSRCs in a BYE.</summary>
    public int Count { get; }

    /// <summary>Who sent a report, or the first source that leaves.</summary>
    public uint Ssrc => _body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(_body) : 0;

    /// <summary>The middle 32 bits of a sender report's NTP time, which go back as LSR (RFC 3550 6.4.1).</summary>
    public uint MiddleNtp => BinaryPrimitives.ReadUInt32BigEndian(_body[6..]);

    public RtcpReportBlock ReportBlock(int index) =>
        RtcpReportBlock.Read(_body[(4 + (Type == RtcpPacketType.SenderReport ? SenderInfoLength : 0) + (index * RtcpReportBlock.Length))..]);

    /// <summary>Whether the body is as long as the count says.</summary>
    public bool HasRoomForCount => Type switch
    {
        RtcpPacketType.SenderReport => _body.Length >= 4 + SenderInfoLength + (Count * RtcpReportBlock.Length),
        RtcpPacketType.ReceiverReport => _body.Length >= 4 + (Count * RtcpReportBlock.Length),
        RtcpPacketType.Bye => _body.Length >= Count * 4,
        _ => true,
    };
}
