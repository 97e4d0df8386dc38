using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>The Socket class: works everywhere, two system calls a datagram, an exception for each network error.</summary>
internal sealed class PortableDatagramIo : IDatagramIo
{
    private PortableDatagramIo()
    {
    }

    public static PortableDatagramIo Instance { get; } = new();

    public void Prepare(Socket socket) => socket.Blocking = false;

    public int Receive(Socket socket, DatagramBatch batch)
    {
        var isIPv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        var source = Source(batch, socket.AddressFamily);
        var count = 0;
        try
        {
            // Poll first: ReceiveFrom throws when nothing waits, and Available is 0 for a datagram without content.
            while (count < DatagramBatch.Capacity && socket.Poll(0, SelectMode.SelectRead))
            {
                ref var entry = ref batch[count];
                entry.Length = socket.ReceiveFrom(batch.Buffer(count), SocketFlags.None, source);
                entry.IsCut = entry.Length == DatagramBatch.MaxDatagramLength;
                entry.Source = TransportAddress.FromSocketAddress(source.Buffer.Span[..source.Size], isIPv6);
                entry.AgeNanoseconds = 0;
                count++;
            }
        }
        catch (SocketException)
        {
            return count > 0 ? count : -1;
        }
        return count;
    }

    public bool Send(Socket socket, ReadOnlySpan<byte> datagram, SocketAddress destination)
    {
        try
        {
            return socket.SendTo(datagram, SocketFlags.None, destination) == datagram.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static SocketAddress Source(DatagramBatch batch, AddressFamily family)
    {
        if (batch.State is not SocketAddress address || address.Family != family)
            batch.State = address = new SocketAddress(family);
        address.Size = SocketAddress.GetMaximumAddressSize(family);
        return address;
    }
}
