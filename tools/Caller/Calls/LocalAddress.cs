using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>Which of this machine's addresses a target is reached from.</summary>
public static class LocalAddress
{
    /// <returns>Null when the host has no address, or there is no way to it.</returns>
    public static async Task<IPAddress?> TowardsAsync(SipUri target, CancellationToken cancellationToken)
    {
        try
        {
            var address = target.HostAddress ?? (await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false)).FirstOrDefault();
            if (address is null) return null;
            // Connecting a datagram socket sends nothing: it only asks the routing table.
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(new IPEndPoint(address, target.Port ?? 5060), cancellationToken).ConfigureAwait(false);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
