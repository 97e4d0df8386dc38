using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>
/// What of a packet can be read before it is decrypted. <see cref="RtpPacket"/> reads the rest afterwards: the padding's length is
/// encrypted too (RFC 3711 3.1).
/// </summary>
internal static class SrtpHeader
{
    /// <summary>RFC 3711 3.4: the first eight bytes of a compound are in the clear.</summary>
    public const int RtcpLength = 8;

    private const int Version = 2;

    /// <returns>Where the payload begins: after CSRCs and header extension; -1 when that is outside of the packet or this is no RTP.</returns>
    public static int PayloadAt(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < RtpPacket.HeaderLength || packet[0] >> 6 != Version)
            return -1;
        var at = RtpPacket.HeaderLength + ((packet[0] & 0x0F) * 4);
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < at + 4)
                return -1;
            at += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) * 4);
        }
        return at <= packet.Length ? at : -1;
    }

    public static ushort SequenceNumber(ReadOnlySpan<byte> rtp) => BinaryPrimitives.ReadUInt16BigEndian(rtp[2..]);

    public static uint Ssrc(ReadOnlySpan<byte> rtp) => BinaryPrimitives.ReadUInt32BigEndian(rtp[8..]);

    public static uint RtcpSsrc(ReadOnlySpan<byte> rtcp) => BinaryPrimitives.ReadUInt32BigEndian(rtcp[4..]);
}
