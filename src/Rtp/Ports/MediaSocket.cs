using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>How a socket for speech is opened.</summary>
internal static class MediaSocket
{
    // Expedited forwarding, DSCP 46 (RFC 3246; RFC 4594 section 4.1 for telephony), in the upper six bits.
    private const int ExpeditedForwarding = 46 << 2;
    private const int IPv6Level = 41;
    private const int IPv6TrafficClass = 67;

    /// <exception cref="SocketException">The port is taken, the address is not ours, or there are no descriptors left.</exception>
    public static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = address.Equals(IPAddress.IPv6Any);
            MarkTraffic(socket);
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void MarkTraffic(Socket socket)
    {
        try
        {
            if (socket.AddressFamily == AddressFamily.InterNetwork)
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, ExpeditedForwarding);
            else if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption(IPv6Level, IPv6TrafficClass, BitConverter.GetBytes(ExpeditedForwarding));
        }
        catch (SocketException)
        {
            // A preference of ours, which some systems do not let a program state.
        }
    }
}
