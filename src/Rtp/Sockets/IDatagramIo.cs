using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>Reads and sends without blocking, throwing or allocating. Expected network errors are values.</summary>
internal interface IDatagramIo
{
    /// <summary>Called once for each socket before it is used.</summary>
    void Prepare(Socket socket);

    /// <summary>
    /// Reads what waits, at most <see cref="DatagramBatch.Capacity"/>. Fewer than that: the socket is empty. -1: it reported an error
    /// (an ICMP message about something sent earlier, say), which is now cleared.
    /// </summary>
    int Receive(Socket socket, DatagramBatch batch);

    /// <summary>False when the system refused the datagram.</summary>
    bool Send(Socket socket, ReadOnlySpan<byte> datagram, SocketAddress destination);
}
