using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>One RTP packet, read in place: RFC 3550 section 5.1. Spans point into the datagram and are valid as long as it is.</summary>
public readonly ref struct RtpPacket
{
    /// <summary>Length in bytes of a header without CSRCs and extension.</summary>
    public const int HeaderLength = 12;

    private const int Version = 2;

    public bool Marker { get; private init; }
    public byte PayloadType { get; private init; }
    public ushort SequenceNumber { get; private init; }
    public uint Timestamp { get; private init; }
    public uint Ssrc { get; private init; }

    /// <summary>Contributing sources as they stand in the packet, four bytes each.</summary>
    public ReadOnlySpan<byte> CsrcBytes { get; private init; }

    /// <summary>The 16 bits "defined by profile" of the header extension; 0 without one.</summary>
    public ushort ExtensionProfile { get; private init; }

    /// <summary>The header extension without its own four-byte head; empty without one.</summary>
    public ReadOnlySpan<byte> Extension { get; private init; }

    /// <summary>The payload without padding. May be empty.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Reads a datagram. False when it is no RTP version 2 packet or a length in it leads outside of it (RFC 3550 A.1).</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (datagram.Length < HeaderLength || datagram[0] >> 6 != Version)
            return false;

        var csrcLength = (datagram[0] & 0x0F) * 4;
        var offset = HeaderLength + csrcLength;
        if (offset > datagram.Length)
            return false;

        ushort profile = 0;
        ReadOnlySpan<byte> extension = default;
        if ((datagram[0] & 0x10) != 0)
        {
            // RFC 3550 5.3.1: 16 bits of the profile, then the length in 32-bit words, which does not count these four bytes.
            if (datagram.Length - offset < 4)
                return false;
            profile = BinaryPrimitives.ReadUInt16BigEndian(datagram[offset..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]) * 4;
            offset += 4;
            if (datagram.Length - offset < length)
                return false;
            extension = datagram.Slice(offset, length);
            offset += length;
        }

        var end = datagram.Length;
        if ((datagram[0] & 0x20) != 0)
        {
            // The last octet says how many octets to ignore, itself included, so 0 is as wrong as more than there are.
            var padding = datagram[^1];
            if (padding == 0 || padding > end - offset)
                return false;
            end -= padding;
        }

        packet = new RtpPacket
        {
            Marker = (datagram[1] & 0x80) != 0,
            PayloadType = (byte)(datagram[1] & 0x7F),
            SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]),
            CsrcBytes = datagram.Slice(HeaderLength, csrcLength),
            ExtensionProfile = profile,
            Extension = extension,
            Payload = datagram[offset..end],
        };
        return true;
    }

    /// <summary>Writes a packet without CSRCs, extension and padding. Returns the bytes written.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than header and payload, or the payload type has more than 7 bits.</exception>
    public static int Write(
        Span<byte> destination, byte payloadType, bool marker, ushort sequenceNumber, uint timestamp, uint ssrc, ReadOnlySpan<byte> payload)
    {
        if (destination.Length < HeaderLength + payload.Length)
            throw new ArgumentException("The destination is shorter than header and payload.", nameof(destination));
        if (payloadType > 0x7F)
            throw new ArgumentException("A payload type has 7 bits.", nameof(payloadType));

        destination[0] = Version << 6;
        destination[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc);
        payload.CopyTo(destination[HeaderLength..]);
        return HeaderLength + payload.Length;
    }

    /// <summary>RFC 5761 section 4: packet types 192 to 223 on the RTP port are RTCP, since payload types 64 to 95 are kept free for that.</summary>
    internal static bool LooksLikeRtcp(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= 2 && datagram[0] >> 6 == Version && datagram[1] is >= 192 and <= 223;
}
