using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>
/// Address and port (RFC 3550 section 3), compared and copied without allocation. IPv4 is kept as ::ffff:a.b.c.d,
/// so that both kinds of socket give equal values.
/// </summary>
internal readonly record struct TransportAddress(ulong High, ulong Low, uint ScopeId, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>False for no address, port 0, 0.0.0.0 and :: — the forms that SDP uses for "do not send" (RFC 3264 8.4).</summary>
    public bool IsUsable => Port != 0 && !(High == 0 && Low is 0 or MappedPrefix);

    public bool IsIPv4 => High == 0 && Low >> 32 == 0xFFFF;

    public bool SameHost(in TransportAddress other) => High == other.High && Low == other.Low;

    public TransportAddress WithPort(int port) => this with { Port = (ushort)port };

    public static TransportAddress From(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (endPoint.AddressFamily == AddressFamily.InterNetwork)
        {
            endPoint.Address.TryWriteBytes(bytes, out _);
            return new(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes), 0, (ushort)endPoint.Port);
        }
        endPoint.Address.TryWriteBytes(bytes, out _);
        return new(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            (uint)endPoint.Address.ScopeId,
            (ushort)endPoint.Port);
    }

    /// <summary>Reads a sockaddr_in or sockaddr_in6. Port, address and scope lie at the same offsets on every system .NET runs on.</summary>
    public static TransportAddress FromSocketAddress(ReadOnlySpan<byte> address, bool isIPv6)
    {
        if (address.Length < (isIPv6 ? 28 : 8))
            return default;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        if (!isIPv6)
            return new(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(address[4..]), 0, port);
        var scope = BitConverter.ToUInt32(address[24..28]);
        return new(BinaryPrimitives.ReadUInt64BigEndian(address[8..]), BinaryPrimitives.ReadUInt64BigEndian(address[16..]), scope, port);
    }

    /// <summary>The end point as a socket of this family sends to it; null when it cannot.</summary>
    public IPEndPoint? ToEndPoint(AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        if (family == AddressFamily.InterNetwork)
            return IsIPv4 ? new IPEndPoint(new IPAddress(bytes[12..]), Port) : null;
        return new IPEndPoint(new IPAddress(bytes, ScopeId), Port);
    }
}
