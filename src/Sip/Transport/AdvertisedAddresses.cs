using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// What we call ourselves towards a peer: in Via and Contact, and for SDP. Behind NAT that is the advertised address, except for peers on our
/// side of it; and an address only where it is of the peer's family.
/// </summary>
internal sealed class AdvertisedAddresses(SipEndpointOptions options)
{
    /// <summary>Host and port as we write them into Via and Contact of what goes along this flow.</summary>
    public (string Host, int Port) SentBy(SipFlow flow)
    {
        var local = flow.LocalEndPoint;
        var peer = flow.RemoteEndPoint.Address;
        if (IsLocal(peer))
            return (Text(local.Address), local.Port);
        return (Host(flow.Listen, peer) ?? Text(local.Address), flow.Listen?.AdvertisedPort ?? local.Port);
    }

    /// <summary>Our address for the session description of a call along this flow; a host name is none, and the next that is advertised counts.</summary>
    public IPAddress Address(SipFlow flow) => Address(flow.Listen, flow.RemoteEndPoint.Address, flow.LocalEndPoint.Address);

    /// <summary>The same where there is no flow yet.</summary>
    public IPAddress Address(SipListen? listen, IPAddress peer, IPAddress local) =>
        !IsLocal(peer) && (Parsed(listen?.AdvertisedHost, peer) ?? Parsed(options.AdvertisedAddress, peer)) is { } advertised ? advertised : WithoutScope(local);

    private bool IsLocal(IPAddress peer)
    {
        if (options.LocalNetworks.Count == 0)
            return false;
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : WithoutScope(peer);
        foreach (var network in options.LocalNetworks)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
                return true;
        }

        return false;
    }

    private string? Host(SipListen? listen, IPAddress peer) => Fitting(listen?.AdvertisedHost, peer) ?? Fitting(options.AdvertisedAddress, peer);

    private static IPAddress? Parsed(string? host, IPAddress peer) => Fitting(host, peer) is { } fitting ? SipGrammar.ParseAddress(fitting) : null;

    private static string? Fitting(string? host, IPAddress peer)
    {
        var family = peer.IsIPv4MappedToIPv6 ? AddressFamily.InterNetwork : peer.AddressFamily;
        return host is { Length: > 0 } && (SipGrammar.ParseAddress(host) is not { } address || address.AddressFamily == family) ? host : null;
    }

    /// <summary>A zone means something on this host only (RFC 4007 section 6), and no header has a place for it.</summary>
    private static string Text(IPAddress address) => WithoutScope(address).ToString();

    private static IPAddress WithoutScope(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
}
