using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Connects a socket in such a way that .NET does not wait for it: once it has, it watches the socket for good, and wakes threads
/// for whatever comes whoever reads it.
/// </summary>
internal static class TcpConnector
{
    /// <param name="endPoint">An address, or a name of which all addresses are tried, one after the other.</param>
    /// <param name="open">A socket that does not block.</param>
    /// <exception cref="SocketException">Of the last address, or there is none.</exception>
    public static async Task<Socket> ConnectAsync(EndPoint endPoint, Func<AddressFamily, Socket> open, CancellationToken cancellationToken)
    {
        var (addresses, port) = endPoint is DnsEndPoint name
            ? (await Dns.GetHostAddressesAsync(name.Host, name.AddressFamily, cancellationToken).ConfigureAwait(false), name.Port)
            : ([((IPEndPoint)endPoint).Address], ((IPEndPoint)endPoint).Port);
        var fault = new SocketException((int)SocketError.HostNotFound);
        foreach (IPAddress address in addresses)
        {
            Socket? socket = null;
            try
            {
                socket = open(address.AddressFamily);
                await ConnectAsync(socket, new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException next)
            {
                socket?.Dispose();
                fault = next;
            }
            catch
            {
                socket?.Dispose();
                throw;
            }
        }

        throw fault;
    }

    private static async Task ConnectAsync(Socket socket, IPEndPoint address, CancellationToken cancellationToken)
    {
        try
        {
            socket.Connect(address);
            return;
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // Under way (connect(2): EINPROGRESS); how it ended is asked for when the socket can be written.
        }

        using SocketWaiter waiter = ReadThread.Watch(socket.SafeHandle);
        await waiter.WritableAsync(cancellationToken).ConfigureAwait(false);
        var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success) throw new SocketException((int)error);
    }
}
