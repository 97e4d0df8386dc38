using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Ports for programs that must be told which to use: free now, and none of those that the kernel hands out (32768 and up on Linux).</summary>
internal static class FreePort
{
    // One after the other, so that nobody is told what another is about to take; from anywhere, for test runs beside this one.
    private static int _pair = Random.Shared.Next(2_500);

    /// <summary>Free for UDP and for TCP, and so is the next one up, which some programs take for TLS unasked.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = 10_000 + (2 * (Interlocked.Increment(ref _pair) % 2_500));
            if (IsFreeForTcp(port) && IsFreeForTcp(port + 1) && IsFreeForUdp(port) && IsFreeForUdp(port + 1)) return port;
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

    private static bool IsFreeForUdp(int port) => IsFree(port, SocketType.Dgram, ProtocolType.Udp);

    private static bool IsFreeForTcp(int port) => IsFree(port, SocketType.Stream, ProtocolType.Tcp);

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
