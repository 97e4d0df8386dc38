using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// The local address from which the kernel would reach a peer. A socket bound to the wildcard address has no
/// better answer, and our packets leave from exactly that address. Asked by connecting a UDP socket, which sends nothing.
/// </summary>
internal sealed class RouteSource(TimeProvider time)
{
    private const int MostRemembered = 4096;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<IPAddress, Entry> _entries = new();

    public IPAddress Find(IPAddress remote)
    {
        if (_entries.TryGetValue(remote, out var known) && time.GetElapsedTime(known.AskedAt) < Remembered)
            return known.Local;

        var local = Ask(remote);
        if (_entries.Count >= MostRemembered)
            _entries.Clear();
        _entries[remote] = new Entry(local, time.GetTimestamp());
        return local;
    }

    private static IPAddress Ask(IPAddress remote)
    {
        try
        {
            using var probe = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(remote, 9);
            if (probe.LocalEndPoint is IPEndPoint { Address: var address })
                return address;
        }
        catch (SocketException)
        {
            // No route: loopback below is as good as any answer, nothing can be sent there anyway.
        }

        return remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
    }

    private readonly record struct Entry(IPAddress Local, long AskedAt);
}
