using System.Buffers.Binary;
using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// A source as limits see it: an IPv4 address, or an IPv6 /64. Exact, in 64 bits: an IPv4 address takes the place of a prefix
/// (0:ffff::/32) that is routed to nobody. Zero is no source.
/// </summary>
internal readonly record struct SourceKey(ulong Value)
{
    private const ulong IPv4 = 0x0000_FFFF_0000_0000;

    private static ReadOnlySpan<byte> Mapped => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    public bool IsNone => Value == 0;

    public static SourceKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out int length) ? Of(bytes[..length]) : default;
    }

    public static SourceKey Of(SipFlow flow)
    {
        Span<byte> bytes = stackalloc byte[16];
        return Of(bytes[..flow.CopyRemoteAddress(bytes)]);
    }

    /// <param name="bytes">4 or 16 of them.</param>
    public static SourceKey Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 4)
            return new SourceKey(IPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes));
        if (bytes.Length != 16)
            return default;
        if (bytes.StartsWith(Mapped))
            return new SourceKey(IPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]));
        ulong prefix = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return new SourceKey(prefix == 0 ? 1 : prefix); // ::1 and its like
    }
}
