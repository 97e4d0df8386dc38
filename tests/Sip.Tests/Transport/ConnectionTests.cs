using System.Net;
using System.Net.Sockets;
using System.Text;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>Limits and reuse of connections, on loopback.</summary>
public class ConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Source_BeyondItsShare_IsTurnedAwayUntilOneGoes()
    {
        await using var node = await StartAsync(new SipConnectionOptions { MaxConnectionsPerSource = 3 });
        var peers = new List<LoopbackPeer>();
        for (int i = 0; i < 3; i++)
            peers.Add(await ConnectAsync(node));
        using var fourth = await LoopbackPeer.ConnectAsync(node.Bound);
        Assert.Null(await fourth.ReceiveAsync());
        Assert.Equal(1, node.Counters[SipCounter.ConnectionsRefused]);

        peers[0].Dispose();
        LoopbackPeer? again = null;
        for (int i = 0; i < 500 && again is null; i++)
        {
            again = await LoopbackPeer.ConnectAsync(node.Bound);
            await again.SendAsync("\r\n\r\n");
            if (await again.ReceiveAsync() is "ping")
                break;
            again.Dispose();
            again = null;
            await Task.Delay(10);
        }

        Assert.NotNull(again);
        again.Dispose();
        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task Silent_SinceItWasAccepted_IsClosed()
    {
        var time = new FakeTime();
        await using var node = await StartAsync(new SipConnectionOptions(), time);
        using var silent = await LoopbackPeer.ConnectAsync(node.Bound);
        using var pinging = await ConnectAsync(node);
        await node.WaitForAsync(SipCounter.ConnectionsAccepted, 2);
        await UntilAsync(() => time.ActiveTimers > 0);
        for (int i = 0; i < 200 && node.Counters[SipCounter.ConnectionsTimedOut] == 0; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        Assert.Null(await silent.ReceiveAsync());
        await pinging.SendAsync("\r\n\r\n");
        Assert.Equal("ping", await pinging.ReceiveAsync());
        Assert.Equal(1, node.Counters[SipCounter.ConnectionsTimedOut]);
    }

    [Fact]
    public async Task Fragments_OfAll_HoldNoMoreThanTheirBudget()
    {
        await using var node = await StartAsync(new SipConnectionOptions { MaxPartialBytes = 12_000 });
        using var first = await LoopbackPeer.ConnectAsync(node.Bound);
        using var second = await LoopbackPeer.ConnectAsync(node.Bound);
        var text = first.Options().ReplaceLineEndings("\r\n");
        var half = text.Replace("Content-Length: 0\r\n\r\n", $"Content-Length: 8000\r\n\r\n{new string('x', 7000)}", StringComparison.Ordinal);
        await first.SendAsync(half);
        await Task.Delay(100);
        await second.SendAsync(half);
        Assert.Null(await second.ReceiveAsync());
        Assert.Equal(1, node.Counters[SipCounter.ConnectionsOverrun]);

        await first.SendAsync(new string('x', 1000));
        Assert.StartsWith("OPTIONS", (await node.NextAsync()).Text);
        using var third = await LoopbackPeer.ConnectAsync(node.Bound);
        await third.SendAsync(half);
        await Task.Delay(50);
        await third.SendAsync(new string('x', 1000));
        Assert.StartsWith("OPTIONS", (await node.NextAsync()).Text); // what was finished, or closed, is free again
    }

    /// <summary>What strangers leave unfinished has a budget of its own: a peer's message gets through, whatever they hold.</summary>
    [Fact]
    public async Task Fragments_OfStrangers_LeavePeersTheirBudget()
    {
        await using var node = await StartAsync(new SipConnectionOptions { MaxPartialBytes = 40_000 });
        using var peer = await ConnectAsync(node);
        node.IsPeer = source => source.EndPoint.Port == peer.Port;
        var text = peer.Options().ReplaceLineEndings("\r\n");
        var half = text.Replace("Content-Length: 0\r\n\r\n", $"Content-Length: 8000\r\n\r\n{new string('x', 7000)}", StringComparison.Ordinal);
        var strangers = new List<LoopbackPeer>();
        for (int i = 0; i < 6; i++)
        {
            strangers.Add(await LoopbackPeer.ConnectAsync(node.Bound));
            await strangers[i].SendAsync(half);
        }

        await node.WaitForAsync(SipCounter.ConnectionsOverrun, 5); // one fits into a quarter
        for (int i = 0; i < 4; i++)
        {
            await peer.SendAsync(half);
            await Task.Delay(20);
            await peer.SendAsync(new string('x', 1000));
            Assert.StartsWith("OPTIONS", (await node.NextAsync()).Text);
        }

        Assert.Equal(5, node.Counters[SipCounter.ConnectionsOverrun]);
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task Strangers_TakeNoMoreThanHalfOfTheConnections()
    {
        await using var node = await StartAsync(new SipConnectionOptions { MaxConnections = 4 });
        node.IsPeer = static _ => false;
        using var first = await ConnectAsync(node);
        using var second = await ConnectAsync(node);
        using var third = await LoopbackPeer.ConnectAsync(node.Bound);
        Assert.Null(await third.ReceiveAsync());
        Assert.Equal(1, node.Counters[SipCounter.ConnectionsRefused]);
        node.IsPeer = static _ => true;
        using var peer = await ConnectAsync(node);
    }

    /// <summary>Neither pings nor messages make a peer: without credentials a connection ends with its first half minute.</summary>
    [Fact]
    public async Task Stranger_WhoStaysOne_IsClosed()
    {
        var time = new FakeTime();
        await using var node = await StartAsync(new SipConnectionOptions(), time);
        int admitted = 0;
        node.IsPeer = source => source.EndPoint.Port == Volatile.Read(ref admitted);
        using var stranger = await ConnectAsync(node);
        await stranger.SendAsync(stranger.Options());
        await node.NextAsync();
        using var phone = await ConnectAsync(node);
        Volatile.Write(ref admitted, phone.Port); // as its credentials will have it
        await phone.SendAsync(phone.Options());
        await node.NextAsync();
        for (int i = 0; i < 200 && node.Counters[SipCounter.ConnectionsTimedOut] == 0; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        Assert.Null(await stranger.ReceiveAsync());
        time.Advance(TimeSpan.FromSeconds(60));
        await phone.SendAsync("\r\n\r\n");
        Assert.Equal("ping", await phone.ReceiveAsync());
        Assert.Equal(1, node.Counters[SipCounter.ConnectionsTimedOut]);
    }

    [Fact]
    public async Task SlowSender_ByteByByte_IsUnderstood()
    {
        await using var node = await StartAsync();
        using var peer = await LoopbackPeer.ConnectAsync(node.Bound);
        var text = peer.Options().ReplaceLineEndings("\r\n");
        foreach (var c in text)
            await peer.SendAsync(new byte[] { (byte)c });
        Assert.Equal(text, (await node.NextAsync()).Text);
    }

    [Fact]
    public async Task LargeMessages_OneAfterAnother_AreAllRead()
    {
        await using var node = await StartAsync();
        using var peer = await LoopbackPeer.ConnectAsync(node.Bound);
        for (int i = 1; i <= 5; i++)
        {
            var body = new string((char)('a' + i), 40_000);
            var text = peer.Options(cseq: i).ReplaceLineEndings("\r\n").Replace("Content-Length: 0\r\n\r\n", $"Content-Length: {body.Length}\r\n\r\n{body}", StringComparison.Ordinal);
            await peer.SendAsync(text + "\r\n\r\n" + peer.Options(callId: "small", cseq: i));
            Assert.Equal(text, (await node.NextAsync()).Text);
            Assert.Contains("small", (await node.NextAsync()).Text, StringComparison.Ordinal);
        }

        await node.WaitForAsync(SipCounter.KeepAlivesReceived, 5);
    }

    [Fact]
    public async Task PeerCloses_FlowEndsAndTheNextRequestOpensAnother()
    {
        await using var node = await StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var hop = new SipHop(SipTransportKind.Tcp, (IPEndPoint)listener.LocalEndpoint);
        var flow = await node.OpenAsync(hop);
        Assert.Same(flow, await node.OpenAsync(hop));
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        flow!.Closed.Register(closed.SetResult);
        (await listener.AcceptSocketAsync()).Dispose();
        await closed.Task.WaitAsync(Patience);
        Assert.False(flow.IsOpen);
        Assert.False(flow.Send("late"u8));
        var second = await node.OpenAsync(hop);
        Assert.NotNull(second);
        Assert.NotSame(flow, second);
        Assert.Equal(2, node.Counters[SipCounter.ConnectionsOpened]);
    }

    [Fact]
    public async Task AcceptedConnection_CarriesRequestsToItsOtherEnd()
    {
        await using var node = await StartAsync();
        using var peer = await LoopbackPeer.ConnectAsync(node.Bound);
        await peer.SendAsync(peer.Options());
        var (_, accepted) = await node.NextAsync();
        Assert.Same(accepted, await node.OpenAsync(new SipHop(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, peer.Port))));
        Assert.Equal(0, node.Counters[SipCounter.ConnectionsOpened]);
    }

    [Fact]
    public async Task OpenFlow_ManyAtOnce_ShareOneConnection()
    {
        await using var node = await StartAsync();
        await using var other = await StartAsync();
        var flows = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => node.OpenAsync(node.HopTo(other))));
        Assert.All(flows, flow => Assert.Same(flows[0], flow));
        Assert.Equal(1, node.Counters[SipCounter.ConnectionsOpened]);
    }

    [Fact]
    public async Task LargeRequest_GoesByTcpWhereThePeerHasIt()
    {
        await using var node = await TransportNode.StartAsync(new SipEndpointOptions { Listen = [TransportNode.Loopback(SipTransportKind.Udp)] });
        await using var other = await StartAsync();
        var hop = new SipHop(SipTransportKind.Udp, other.Bound.EndPoint);
        Assert.Equal(SipTransportKind.Udp, (await node.Transports.OpenFlowAsync(hop, 1300, CancellationToken.None))!.Kind);
        Assert.Equal(SipTransportKind.Tcp, (await node.Transports.OpenFlowAsync(hop, 1301, CancellationToken.None))!.Kind);
        Assert.Equal(1, node.Counters[SipCounter.LargeRequestsByTcp]);
        var udp = await node.OpenAsync(hop);
        Assert.Same(udp, await node.Transports.WidenAsync(udp!, 1300, CancellationToken.None));
        Assert.Equal(SipTransportKind.Tcp, (await node.Transports.WidenAsync(udp!, 1301, CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task LargeRequest_GoesByUdpWhereThePeerHasNothingElse()
    {
        await using var node = await TransportNode.StartAsync(new SipEndpointOptions { Listen = [TransportNode.Loopback(SipTransportKind.Udp)] });
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var hop = new SipHop(SipTransportKind.Udp, (IPEndPoint)udp.LocalEndPoint!);
        Assert.Equal(SipTransportKind.Udp, (await node.Transports.OpenFlowAsync(hop, 4000, CancellationToken.None))!.Kind);
        Assert.Equal(1, node.Counters[SipCounter.SendFailures]);
        Assert.Equal(SipTransportKind.Udp, (await node.Transports.OpenFlowAsync(hop, 4000, CancellationToken.None))!.Kind);
        Assert.Equal(1, node.Counters[SipCounter.SendFailures]); // not tried again at once
        var flow = await node.OpenAsync(hop);
        Assert.Same(flow, await node.Transports.WidenAsync(flow!, 4000, CancellationToken.None));
    }

    [Fact]
    public async Task CanReach_TcpAndTlsWithoutListener_UdpNot()
    {
        await using var node = await StartAsync();
        Assert.True(node.Transports.CanReach(SipTransportKind.Tcp, AddressFamily.InterNetwork));
        Assert.True(node.Transports.CanReach(SipTransportKind.Tls, AddressFamily.InterNetwork));
        Assert.False(node.Transports.CanReach(SipTransportKind.Udp, AddressFamily.InterNetwork));
        Assert.Equal(Socket.OSSupportsIPv6, node.Transports.CanReach(SipTransportKind.Tls, AddressFamily.InterNetworkV6));
    }

    [Fact]
    public void Ledger_CountsAnIPv6NetworkAsOneSource()
    {
        var ledger = new ConnectionLedger(new SipConnectionOptions { MaxConnectionsPerSource = 2, MaxConnections = 4 });
        var first = ledger.TryEnter(IPAddress.Parse("2001:db8::1"), false);
        Assert.NotNull(first);
        Assert.NotNull(ledger.TryEnter(IPAddress.Parse("2001:db8::2"), false));
        Assert.Null(ledger.TryEnter(IPAddress.Parse("2001:db8::3"), false));
        Assert.NotNull(ledger.TryEnter(IPAddress.Parse("2001:db8:0:1::3"), false));
        Assert.NotNull(ledger.TryEnter(IPAddress.Parse("192.0.2.1"), false));
        Assert.Null(ledger.TryEnter(IPAddress.Parse("192.0.2.2"), false)); // all four are taken
        first.Dispose();
        first.Dispose();
        Assert.NotNull(ledger.TryEnter(IPAddress.Parse("2001:db8::9"), false));
        Assert.Null(ledger.TryEnter(IPAddress.Parse("192.0.2.2"), false));
    }

    [Fact]
    public void Ledger_StrangersHaveHalf_UntilTheyAreKnown()
    {
        var ledger = new ConnectionLedger(new SipConnectionOptions { MaxConnections = 4, MaxHandshakes = 8 });
        var address = IPAddress.Parse("192.0.2.1");
        var phone = ledger.TryEnter(address, true, isKnown: false);
        Assert.NotNull(phone);
        var scanner = ledger.TryEnter(address, false, isKnown: false);
        Assert.NotNull(scanner);
        Assert.Null(ledger.TryEnter(address, false, isKnown: false));
        phone.Promote();
        phone.Promote();
        phone.HandshakeDone();
        Assert.NotNull(ledger.TryEnter(address, false, isKnown: false));
        Assert.Null(ledger.TryEnter(address, false, isKnown: false));
        phone.Dispose(); // of no stranger any more: nothing of their share comes free
        Assert.Null(ledger.TryEnter(address, false, isKnown: false));
        scanner.Dispose();
        Assert.NotNull(ledger.TryEnter(address, false, isKnown: false));
        Assert.NotNull(ledger.TryEnter(address, false));
    }

    [Fact]
    public void Ledger_StrangersHaveHalfOfTheHandshakes()
    {
        var ledger = new ConnectionLedger(new SipConnectionOptions { MaxHandshakes = 8 });
        var places = Enumerable.Range(1, 4).Select(i => ledger.TryEnter(new IPAddress([192, 0, 2, (byte)i]), true, isKnown: false)).ToList();
        Assert.All(places, Assert.NotNull);
        Assert.Null(ledger.TryEnter(IPAddress.Parse("192.0.2.9"), true, isKnown: false));
        Assert.NotNull(ledger.TryEnter(IPAddress.Parse("192.0.2.9"), true));
        places[0]!.HandshakeDone();
        Assert.NotNull(ledger.TryEnter(IPAddress.Parse("192.0.2.10"), true, isKnown: false));
    }

    [Fact]
    public async Task KeepAlive_OnlyCrlf_IsNoMessage()
    {
        await using var node = await StartAsync();
        using var peer = await LoopbackPeer.ConnectAsync(node.Bound);
        for (int i = 0; i < 3; i++)
        {
            await peer.SendAsync("\r\n\r\n");
            Assert.Equal("ping", await peer.ReceiveAsync());
        }

        await peer.SendAsync(Encoding.ASCII.GetBytes("\r\n" + peer.Options().ReplaceLineEndings("\r\n")));
        Assert.StartsWith("OPTIONS", (await node.NextAsync()).Text);
        Assert.Equal(3, node.Counters[SipCounter.KeepAlivesReceived]);
    }

    private static async Task<LoopbackPeer> ConnectAsync(TransportNode node)
    {
        var peer = await LoopbackPeer.ConnectAsync(node.Bound);
        await peer.SendAsync("\r\n\r\n");
        Assert.Equal("ping", await peer.ReceiveAsync());
        return peer;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 2000 && !condition(); i++)
            await Task.Delay(5);
        Assert.True(condition());
    }

    private static Task<TransportNode> StartAsync(SipConnectionOptions? connections = null, TimeProvider? time = null) =>
        TransportNode.StartAsync(new SipEndpointOptions
        {
            Listen = [TransportNode.Loopback(SipTransportKind.Tcp)],
            Connections = connections ?? new SipConnectionOptions(),
            TimeProvider = time ?? TimeProvider.System,
        });
}
