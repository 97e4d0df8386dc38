using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>What a UDP socket makes of much, and of junk.</summary>
public class UdpFloodTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Burst_EveryMessageArrivesOnceAndWhole(bool oneByOne)
    {
        const int Count = 3000;
        var sink = new CountingSink();
        await using var transport = new UdpTransport(TransportNode.Loopback(SipTransportKind.Udp), new RouteSource(TimeProvider.System), TimeProvider.System, oneByOne);
        transport.Start(sink);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await peer.ConnectAsync(transport.Bound.EndPoint);
        var junk = new byte[700];
        Random.Shared.NextBytes(junk);
        junk[0] = 0x80;
        for (int i = 0; i < Count; i++)
        {
            peer.Send(Message(i));
            peer.Send(junk);
            peer.Send("\r\n\r\n"u8);
            while (sink.Messages + 500 < i)
                await Task.Delay(1);
        }

        for (int i = 0; i < 2000 && (sink.Messages < Count || sink.Counters[SipCounter.MalformedDropped] + sink.Counters[SipCounter.KeepAlivesReceived] < 2 * Count); i++)
            await Task.Delay(5);
        Assert.Equal(Count, sink.Messages);
        Assert.Equal((long)Count * (Count - 1) / 2, sink.Sum);
        Assert.Equal(Count, sink.Counters[SipCounter.MalformedDropped]);
        Assert.Equal(Count, sink.Counters[SipCounter.KeepAlivesReceived]);
        Assert.Equal(((IPEndPoint)peer.LocalEndPoint!).Port, Assert.Single(sink.Ports));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task IPv6_SendersAreTold(bool oneByOne)
    {
        var sink = new CountingSink();
        await using var transport = new UdpTransport(new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.IPv6Loopback, 0)), new RouteSource(TimeProvider.System), TimeProvider.System, oneByOne);
        transport.Start(sink);
        var peers = Enumerable.Range(0, 10).Select(_ => new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp)).ToList();
        foreach (var peer in peers)
        {
            await peer.ConnectAsync(transport.Bound.EndPoint);
            for (int i = 0; i < 20; i++)
                peer.Send(Message(i));
        }

        for (int i = 0; i < 2000 && sink.Messages < 200; i++)
            await Task.Delay(5);
        Assert.Equal(peers.Select(peer => ((IPEndPoint)peer.LocalEndPoint!).Port).Order(), sink.Ports.Order());
        peers.ForEach(peer => peer.Dispose());
    }

    /// <summary>What waits at the socket is of senders all new, and none of it is let through.</summary>
    [Fact]
    public async Task NewSenders_WhoAreTurnedAway_LeaveNothing()
    {
        const int Count = 64;
        var sink = new TurningAwaySink(Count);
        await using var transport = new UdpTransport(TransportNode.Loopback(SipTransportKind.Udp), new RouteSource(TimeProvider.System), TimeProvider.System);
        List<int> ports = [];
        for (int i = 0; i < Count; i++)
        {
            using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await sender.ConnectAsync(transport.Bound.EndPoint);
            sender.Send(Message(i));
            ports.Add(((IPEndPoint)sender.LocalEndPoint!).Port);
        }

        transport.Start(sink);
        for (int i = 0; i < 2000 && sink.Messages < Count; i++)
            await Task.Delay(5);
        Assert.Equal(ports, sink.Ports[..Count]);
        if (OperatingSystem.IsLinux())
            Assert.Equal(0, sink.LeastAllocated); // between two of a batch; elsewhere each read is a call of its own
    }

    [Fact]
    public async Task Strangers_HoweverMany_DoNotMakeUsForgetAPeer()
    {
        await using var node = await TransportNode.StartAsync(new SipEndpointOptions { Listen = [TransportNode.Loopback(SipTransportKind.Udp)] });
        var transport = new UdpTransport(TransportNode.Loopback(SipTransportKind.Udp), new RouteSource(TimeProvider.System), TimeProvider.System);
        await using var _ = transport;
        var peer = new IPEndPoint(IPAddress.Parse("192.0.2.2"), 5060);
        node.IsPeer = source => source.EndPoint.Equals(peer);
        transport.Start(node);
        var flow = transport.Keep(peer.Serialize(), 0x7F000001);
        for (int i = 0; i < 10_000; i++)
            transport.Keep(new IPEndPoint(0x0A000000 + i, 5060).Serialize(), 0x7F000001);
        Assert.Same(flow, await transport.OpenFlowAsync(new SipHop(SipTransportKind.Udp, peer), CancellationToken.None));
    }

    [Fact]
    public async Task FlowTable_Full_ForgetsWhoWasSilentLongest()
    {
        await using var transport = new UdpTransport(TransportNode.Loopback(SipTransportKind.Udp), new RouteSource(TimeProvider.System), TimeProvider.System);
        var table = new UdpFlowTable(100);
        var flows = Enumerable.Range(0, 1000).Select(i => new UdpFlow(transport, new IPEndPoint(0x0A000000 + i, 5060).Serialize(), 0)).ToList();
        foreach (var flow in flows)
        {
            table.Put(flow);
            Assert.True(table.TryFind(flows[0].Address, out var first));
            Assert.Same(flows[0], first);
        }

        Assert.InRange(flows.Count(flow => table.TryFind(flow.Address, out _)), 50, 101);
        Assert.False(table.TryFind(flows[1].Address, out _));
    }

    [Theory]
    [InlineData("OPTIONS sip:a@b SIP/2.0\r\n", DatagramKind.Message)]
    [InlineData("SIP/2.0 200 OK\r\n", DatagramKind.Message)]
    [InlineData("\r\n\r\nSIP/2.0 200 OK\r\n", DatagramKind.Message)]
    [InlineData("INVITE sip:a@b sip/7.0\n", DatagramKind.Message)]
    [InlineData("\r\n\r\n", DatagramKind.KeepAlive)]
    [InlineData("", DatagramKind.KeepAlive)]
    [InlineData("\0\0\0\0", DatagramKind.KeepAlive)]
    [InlineData("\0\0\0\u0001", DatagramKind.Junk)]
    [InlineData("GET / HTTP/1.1\r\n", DatagramKind.Junk)]
    [InlineData("OPTIONS sip:a@b SIP/2.0", DatagramKind.Junk)] // no line at all
    [InlineData("x", DatagramKind.Junk)]
    public void Look_TellsAtFirstSight(string datagram, object kind) =>
        Assert.Equal((DatagramKind)kind, SipPeek.Look(Encoding.Latin1.GetBytes(datagram), SipLimits.Default.MaxLineBytes));

    [Fact]
    public void Look_WhatTheParserWouldTakeOrAnswer_IsNeverJunk()
    {
        foreach (var bytes in TortureCorpus.All().Append(Encoding.ASCII.GetBytes($"INVITE sip:{new string('a', 9000)}@b SIP/2.0\r\n\r\n")))
        {
            if (TortureCorpus.Parse(bytes, out _, out _) is SipParseResult.Message or SipParseResult.Rejected)
                Assert.Equal(DatagramKind.Message, SipPeek.Look(bytes, SipLimits.Default.MaxLineBytes));
        }
    }

    private static byte[] Message(int number) => Encoding.ASCII.GetBytes($"X {number} SIP/2.0\r\n{new string('y', number % 900)}");

    private sealed class TurningAwaySink(int most) : ISipTransportSink
    {
        private readonly byte[] _address = new byte[4];
        private int _thread;
        private long _before;
        private int _messages;

        public int Messages => Volatile.Read(ref _messages);

        public int[] Ports { get; } = new int[most];

        public long LeastAllocated { get; private set; } = long.MaxValue;

        public SipCounters Counters { get; } = new();

        public SipLimits Limits => SipLimits.Default;

        public void OnMessage(ReadOnlySpan<byte> message, SipFlow flow)
        {
            if (_thread == Environment.CurrentManagedThreadId)
                LeastAllocated = Math.Min(LeastAllocated, GC.GetAllocatedBytesForCurrentThread() - _before);
            Assert.Equal(4, flow.CopyRemoteAddress(_address));
            Assert.Equal(127, _address[0]);
            Ports[_messages] = flow.RemoteEndPoint.Port;
            Volatile.Write(ref _messages, _messages + 1);
            _thread = Environment.CurrentManagedThreadId;
            _before = GC.GetAllocatedBytesForCurrentThread();
        }

        public void OnFault(Exception exception) => Assert.Fail(exception.ToString());
    }

    private sealed class CountingSink : ISipTransportSink
    {
        private readonly HashSet<int> _ports = [];

        public int Messages { get; private set; }

        public long Sum { get; private set; }

        public IReadOnlyCollection<int> Ports => _ports;

        public SipCounters Counters { get; } = new();

        public SipLimits Limits => SipLimits.Default;

        public void OnMessage(ReadOnlySpan<byte> message, SipFlow flow)
        {
            var text = Encoding.ASCII.GetString(message);
            int number = int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(Encoding.ASCII.GetString(Message(number)), text);
            _ports.Add(flow.RemoteEndPoint.Port);
            Sum += number;
            Messages++;
        }

        public void OnFault(Exception exception) => Assert.Fail(exception.ToString());
    }
}
