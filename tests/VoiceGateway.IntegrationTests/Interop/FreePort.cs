using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Ports for programs that must be told which to use: free now, and the kernel does not hand them out again soon.</summary>
internal static class FreePort
{
    /// <summary>Free for UDP and for TCP.</summary>
    public static int Next()
    {
        while (true)
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
            if (IsFreeForUdp(port)) return port;
        }
    }

    /// <summary>The first of this many free UDP ports in a row; even, as RTP wants it (RFC 3550 section 11).</summary>
    public static int NextRange(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(15_000, 19_000) & ~1;
            if (Enumerable.Range(first, count).All(IsFreeForUdp)) return first;
        }
    }

    private static bool IsFreeForUdp(int port)
    {
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            udp.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
