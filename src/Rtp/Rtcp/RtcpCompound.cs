using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>A compound RTCP datagram, checked as a whole by RFC 3550 A.2 before its packets are looked at.</summary>
internal ref struct RtcpCompound
{
    private const int HeaderLength = 4;
    private const int Version = 2;

    private ReadOnlySpan<byte> _rest;

    /// <summary>
    /// False unless every packet has version 2, the first is a sender or receiver report without padding, only the last is padded,
    /// and the lengths add up to the datagram.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtcpCompound compound)
    {
        compound = default;
        var rest = datagram;
        if (rest.Length < HeaderLength || (RtcpPacketType)rest[1] is not (RtcpPacketType.SenderReport or RtcpPacketType.ReceiverReport))
            return false;

        while (!rest.IsEmpty)
        {
            if (rest.Length < HeaderLength || rest[0] >> 6 != Version)
                return false;
            var length = LengthOf(rest);
            if (length > rest.Length || !HasValidPadding(rest, length, isFirst: rest.Length == datagram.Length))
                return false;
            if (!Read(rest[..length]).HasRoomForCount)
                return false;
            rest = rest[length..];
        }
        compound = new RtcpCompound { _rest = datagram };
        return true;
    }

    public bool TryNext(out RtcpPacket packet)
    {
        packet = default;
        if (_rest.IsEmpty)
            return false;
        var length = LengthOf(_rest);
        packet = Read(_rest[..length]);
        _rest = _rest[length..];
        return true;
    }

    private static int LengthOf(ReadOnlySpan<byte> packet) => (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) + 1) * 4;

    private static bool HasValidPadding(ReadOnlySpan<byte> rest, int length, bool isFirst)
    {
        if (!IsPadded(rest))
            return true;
        var padding = rest[length - 1];
        return !isFirst && length == rest.Length && padding != 0 && padding % 4 == 0 && padding <= length - HeaderLength;
    }

    private static bool IsPadded(ReadOnlySpan<byte> packet) => (packet[0] & 0x20) != 0;

    private static RtcpPacket Read(ReadOnlySpan<byte> packet)
    {
        var end = packet.Length - (IsPadded(packet) ? packet[^1] : 0);
        return new RtcpPacket((RtcpPacketType)packet[1], packet[0] & 0x1F, packet[HeaderLength..end]);
    }
}
