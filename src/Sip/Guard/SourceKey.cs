using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// A source as limits see it: an IPv4 address, or an IPv6 /64. Exact, in 64 bits: an IPv4 address takes the place of a prefix
/// (0:ffff::/32) that is routed to nobody. Zero is no source.
/// </summary>
internal readonly record struct SourceKey(ulong Value)
{
    private const ulong IPv4 = 0x0000_FFFF_0000_0000;

    public bool IsNone => Value == 0;

    public static SourceKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int length))
            return default;
        if (length == 4)
            return new SourceKey(IPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes));
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6)
            return new SourceKey(IPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]));
        ulong prefix = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return new SourceKey(prefix == 0 ? 1 : prefix); // ::1 and its like
    }
}
