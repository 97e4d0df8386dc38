using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// From a URI to transport, address and port (RFC 3263), with what the platform resolves: addresses and A/AAAA records.
/// NAPTR and SRV would come before them in <see cref="ResolveAsync"/>.
/// </summary>
internal sealed class SipResolver(Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
{
    public SipResolver()
        : this(Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>Completes at once for an address; null when the URI names no place a request can be sent to.</summary>
    /// <param name="uri">Next hop.</param>
    /// <param name="canReach">Whether there is a socket of this transport and address family.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async ValueTask<SipHop?> ResolveAsync(SipUri uri, Func<SipTransportKind, AddressFamily, bool> canReach, CancellationToken cancellationToken)
    {
        if (!uri.IsSip)
            return null;
        var kind = uri.IsSecure ? SipTransportKind.Tls : SipTransportKind.Udp;
        if (uri.Transport is { } named && !SipTransportKindNames.TryParse(named, out kind))
            return null;
        if (uri.IsSecure && kind == SipTransportKind.Tcp)
            kind = SipTransportKind.Tls; // sips:...;transport=tcp is TLS over TCP (RFC 3261 section 26.2.2)

        int port = uri.Port ?? kind.DefaultPort();
        var host = uri.Parameters.Get("maddr") ?? uri.Host;
        if (SipGrammar.ParseAddress(host) is { } literal)
            return new SipHop(kind, new IPEndPoint(literal, port));
        try
        {
            foreach (var address in await lookUp(host, cancellationToken).ConfigureAwait(false))
            {
                if (canReach(kind, address.AddressFamily))
                    return new SipHop(kind, new IPEndPoint(address, port));
            }
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // Unknown host: same as unreachable.
        }

        return null;
    }
}
