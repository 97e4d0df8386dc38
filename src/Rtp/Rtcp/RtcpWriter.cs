using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>Writes the packets of a compound one after the other.</summary>
internal ref struct RtcpWriter(Span<byte> destination)
{
    private const byte Version2 = 0x80;
    private const byte CnameItem = 1;

    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    /// <summary>Sender report, RFC 3550 6.4.1.</summary>
    public void SenderReport(uint ssrc, ulong ntp, uint timestamp, uint packets, uint octets, RtcpReportBlock? block)
    {
        var packet = Begin(RtcpPacketType.SenderReport, block is null ? 0 : 1);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(packet[8..], ntp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], packets);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], octets);
        End(packet, 28 + (block?.Write(packet[28..]) ?? 0));
    }

    /// <summary>Receiver report, RFC 3550 6.4.2.</summary>
    public void ReceiverReport(uint ssrc, RtcpReportBlock? block)
    {
        var packet = Begin(RtcpPacketType.ReceiverReport, block is null ? 0 : 1);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        End(packet, 8 + (block?.Write(packet[8..]) ?? 0));
    }

    /// <summary>SDES with the one item that every compound must carry, RFC 3550 6.5.1.</summary>
    public void SourceDescription(uint ssrc, ReadOnlySpan<byte> cname)
    {
        var packet = Begin(RtcpPacketType.SourceDescription, 1);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        packet[8] = CnameItem;
        packet[9] = (byte)cname.Length;
        cname.CopyTo(packet[10..]);

        // The list ends with at least one null octet and is filled up to the next 32-bit boundary.
        var end = 10 + cname.Length;
        var length = (end / 4 * 4) + 4;
        packet[end..length].Clear();
        End(packet, length);
    }

    /// <summary>BYE, RFC 3550 6.6.</summary>
    public void Bye(uint ssrc)
    {
        var packet = Begin(RtcpPacketType.Bye, 1);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        End(packet, 8);
    }

    private readonly Span<byte> Begin(RtcpPacketType type, int count)
    {
        var packet = _destination[Length..];
        packet[0] = (byte)(Version2 | count);
        packet[1] = (byte)type;
        return packet;
    }

    private void End(Span<byte> packet, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((length / 4) - 1));
        Length += length;
    }
}
