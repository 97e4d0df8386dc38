using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// A link-local address out of a URI or Contact says nothing of the link (RFC 4007). It is the one that we are bound to, or the only one there is;
/// with several links and a socket for all of them the packet cannot be sent.
/// </summary>
internal static class LinkLocalScope
{
    public static IPEndPoint Complete(IPEndPoint remote, IPAddress bound)
    {
        if (!remote.Address.IsIPv6LinkLocal || remote.Address.ScopeId != 0)
            return remote;
        long scope = bound.IsIPv6LinkLocal ? bound.ScopeId : OnlyLink();
        return scope == 0 ? remote : new IPEndPoint(new IPAddress(remote.Address.GetAddressBytes(), scope), remote.Port);
    }

    private static long OnlyLink()
    {
        long found = 0;
        try
        {
            foreach (var link in NetworkInterface.GetAllNetworkInterfaces())
            {
                if (link.OperationalStatus != OperationalStatus.Up || link.NetworkInterfaceType == NetworkInterfaceType.Loopback)
                    continue;
                foreach (var address in link.GetIPProperties().UnicastAddresses)
                {
                    if (address.Address.AddressFamily != AddressFamily.InterNetworkV6 || !address.Address.IsIPv6LinkLocal || address.Address.ScopeId == found)
                        continue;
                    if (found != 0)
                        return 0;
                    found = address.Address.ScopeId;
                }
            }
        }
        catch (NetworkInformationException)
        {
            // Not to be found out.
        }

        return found;
    }
}
