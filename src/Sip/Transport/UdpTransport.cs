using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// One UDP socket. The receive loop reuses its buffers and one address, and calls the sink inline, so that a response
/// leaves on the thread that received the request. In a flood it drops at first sight what is no SIP, takes many datagrams a system
/// call, and gives its thread back after each of these: the pool's other work, the calls' among it, goes on. Nothing is made for a sender
/// before the sink has let its message through.
/// </summary>
internal sealed class UdpTransport : ISipTransport
{
    private const int LargestDatagram = 65_535;
    private const int MostFlows = 2048;
    private const int SocketBufferBytes = 4 * 1024 * 1024;
    private const int ReadsBeforeYield = 32;

    private readonly Socket _socket;
    private readonly RouteSource _routes;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly UdpFlowTable _peers = new(MostFlows);
    private readonly UdpFlowTable _strangers = new(MostFlows); // so that these never make us forget a peer
    private readonly LinuxDatagrams? _waiting;
    private ISipTransportSink? _sink;
    private Task _receiving = Task.CompletedTask;

    public UdpTransport(SipListen listen, RouteSource routes, TimeProvider time, bool oneByOne = false)
    {
        _routes = routes;
        _time = time;
        _socket = new Socket(listen.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (_socket.AddressFamily == AddressFamily.InterNetworkV6)
                _socket.DualMode = false; // IPv4 has its own listen entry
            _socket.Bind(listen.EndPoint);
            // Never wait in a send on the receive path: a full send buffer is a lost packet, and SIP repeats those.
            _socket.Blocking = false;
            _socket.ReceiveBufferSize = SocketBufferBytes;
            _socket.SendBufferSize = SocketBufferBytes;
            IgnorePortUnreachable(_socket);
            Bound = listen with { EndPoint = (IPEndPoint)_socket.LocalEndPoint! };
            _waiting = oneByOne ? null : LinuxDatagrams.Create(_socket);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new SipBindException(listen, e);
        }
    }

    public SipListen Bound { get; }

    public AddressFamily Family => _socket.AddressFamily;

    public void Start(ISipTransportSink sink)
    {
        _sink = sink;
        _receiving = Task.Run(() => ReceiveAsync(sink));
    }

    public ValueTask<SipFlow?> OpenFlowAsync(SipHop hop, CancellationToken cancellationToken)
    {
        var remote = hop.EndPoint;
        if (remote.AddressFamily != Family || remote.Port == 0)
            return new ValueTask<SipFlow?>((SipFlow?)null);
        return new ValueTask<SipFlow?>(FlowTo(remote.Serialize()));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _receiving.ConfigureAwait(false);
        _stop.Dispose();
    }

    internal bool Send(ReadOnlySpan<byte> message, SocketAddress remote, UInt128 local)
    {
        try
        {
            if (local != 0 && LinuxDatagrams.SendFrom(local, _socket, message, remote))
                return true;
            return _socket.SendTo(message, SocketFlags.None, remote) == message.Length;
        }
        catch (SocketException e)
        {
            _sink?.Counters.Increment(SipCounter.SendFailures);
            return IsTransient(e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>A flow that lasts for a sender whose message was let through.</summary>
    internal UdpFlow Keep(SocketAddress source, UInt128 local)
    {
        var address = new SocketAddress(source.Family, source.Size);
        source.Buffer.Span[..source.Size].CopyTo(address.Buffer.Span);
        var flow = new UdpFlow(this, address, local);
        if (_peers.TryFind(source, out _) || _sink is null || _sink.Knows(SipSource.Of(flow)))
            _peers.Put(flow);
        else
            _strangers.Put(flow);
        return flow;
    }

    internal IDisposable PingEvery(TimeSpan interval, Action ping) => new JitteredTimer(_time, interval, ping);

    internal IPAddress LocalAddressTowards(IPAddress remote, UInt128 local) =>
        local != 0 ? AddressOf(local, remote) : Bound.EndPoint.Address.Equals(IPAddress.Any) || Bound.EndPoint.Address.Equals(IPAddress.IPv6Any)
            ? _routes.Find(remote)
            : Bound.EndPoint.Address;

    private async Task ReceiveAsync(ISipTransportSink sink)
    {
        // Where batches are read, waiting only looks at the first of them.
        var buffer = GC.AllocateUninitializedArray<byte>(_waiting is null ? LargestDatagram : 1, pinned: true);
        var flags = _waiting is null ? SocketFlags.None : SocketFlags.Peek;
        var source = new SocketAddress(Family);
        var aimed = UdpFlow.Aimed(this, source);
        int failuresInARow = 0, readsInARow = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var reading = _socket.ReceiveFromAsync(buffer, flags, source, _stop.Token);
                readsInARow = reading.IsCompleted ? readsInARow + 1 : 0;
                int length = await reading.ConfigureAwait(false);
                if (_waiting is null)
                    Deliver(buffer.AsSpan(0, length), source, aimed, 0, sink);
                while (DeliverWaiting(source, aimed, sink))
                    await Task.Yield();
                failuresInARow = 0;
            }
            catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException)
            {
                // ICMP errors of earlier sends surface here on some systems; they say nothing about the socket.
                sink.Counters.Increment(SipCounter.SocketErrors);
                if (++failuresInARow > 16)
                    await PauseAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                sink.OnFault(e);
            }

            if (readsInARow >= ReadsBeforeYield)
            {
                readsInARow = 0;
                await Task.Yield();
            }
        }
    }

    /// <summary>All that waits at the socket, up to a batch; true when there may be more.</summary>
    private bool DeliverWaiting(SocketAddress source, UdpFlow aimed, ISipTransportSink sink)
    {
        if (_waiting is null || _stop.IsCancellationRequested)
            return false;
        int count = _waiting.Receive(_socket);
        for (int i = 0; i < count; i++)
        {
            _waiting.CopySource(i, source);
            Deliver(_waiting.Datagram(i), source, aimed, _waiting.LocalAddress(i), sink);
        }

        return count == LinuxDatagrams.Capacity;
    }

    private void Deliver(ReadOnlySpan<byte> datagram, SocketAddress source, UdpFlow aimed, UInt128 local, ISipTransportSink sink)
    {
        switch (SipPeek.Look(datagram, sink.Limits.MaxLineBytes))
        {
            case DatagramKind.Message:
                sink.OnMessage(datagram, FlowFrom(source, aimed, local));
                break;
            case DatagramKind.KeepAlive:
                sink.Counters.Increment(SipCounter.KeepAlivesReceived);
                break;
            default:
                sink.Counters.Increment(SipCounter.MalformedDropped);
                break;
        }
    }

    /// <summary>A full buffer, or an ICMP error that belongs to an earlier packet: one packet lost, which the transaction repeats.</summary>
    private static bool IsTransient(SocketError error) =>
        error is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.ConnectionRefused or SocketError.ConnectionReset;

    /// <summary>A socket that fails at every call must not take a whole core.</summary>
    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop sees it.
        }
    }

    /// <summary>The sender's flow where it has one; else the one that is aimed at it for now.</summary>
    private UdpFlow FlowFrom(SocketAddress source, UdpFlow aimed, UInt128 local)
    {
        if ((_peers.TryFind(source, out var flow) || _strangers.TryFind(source, out flow)) && (local == 0 || local == flow.Local))
            return flow;
        aimed.Aim(local);
        return aimed;
    }

    /// <summary>Where we have been asked by the peer, requests of ours leave from the address that it asked.</summary>
    private UdpFlow FlowTo(SocketAddress remote)
    {
        if (_peers.TryFind(remote, out var flow) || _strangers.TryFind(remote, out flow))
            return flow;
        flow = new UdpFlow(this, remote, 0);
        _peers.Put(flow);
        return flow;
    }

    /// <summary>Of one family with the peer's, and on its link where it is an address of a link only.</summary>
    private static IPAddress AddressOf(UInt128 local, IPAddress remote)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, local);
        if (remote.AddressFamily != AddressFamily.InterNetworkV6)
            return new IPAddress(octets[12..]);
        var address = new IPAddress(octets);
        if (address.IsIPv6LinkLocal)
            address.ScopeId = remote.ScopeId;
        return address;
    }

    private static void IgnorePortUnreachable(Socket socket)
    {
        // Windows reports ICMP port unreachable as a failed receive unless told not to (SIO_UDP_CONNRESET).
        if (OperatingSystem.IsWindows())
            socket.IOControl(unchecked((int)0x9800000C), [0], null);
    }
}
