using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>The c= line (RFC 8866 section 5.7): an address, or the name of a host.</summary>
public sealed record SdpConnection(string AddressType, string Host)
{
    /// <summary>The address without zone; an IPv4 address in IPv6 dress (from a dual-mode socket) as IPv4.</summary>
    public SdpConnection(IPAddress address)
        : this(Plain(address).AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4", Plain(address).ToString())
    {
    }

    /// <summary>Null for a name. An IPv4 address in IPv6 dress comes as IPv4.</summary>
    public IPAddress? Address => SipGrammar.ParseAddress(Host) is { } address ? Plain(address) : null;

    public bool IsIPv6 => AddressType.Equals("IP6", StringComparison.OrdinalIgnoreCase);

    /// <summary>0.0.0.0 or ::, the hold of RFC 2543 (RFC 3264 section 8.4; RFC 6337 section 5.3).</summary>
    public bool IsUnspecified => Address is { } address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    public override string ToString() => $"IN {AddressType} {Host}";

    internal static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    internal static SdpConnection? Parse(string value)
    {
        if (value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, var type, var host, ..])
            return null;

        // A multicast address carries its TTL and count behind slashes.
        var slash = host.IndexOf('/');
        if (slash >= 0)
            host = host[..slash];
        return host.Length == 0 ? null : new SdpConnection(type, host);
    }
}
