using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>Real sockets on loopback.</summary>
public class TransportTests
{
    private static readonly SipListen Udp = new(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0));
    private static readonly SipListen Tcp = new(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0));

    [Theory]
    [InlineData("udp:127.0.0.1:0")]
    [InlineData("tcp:127.0.0.1:0")]
    [InlineData("udp:[::1]:0")]
    [InlineData("tcp:[::1]:0")]
    [InlineData("udp:0.0.0.0:0")]
    public async Task Options_OverEveryTransport_IsAnswered(string text)
    {
        Assert.True(SipListen.TryParse(text, out var listen, out _));
        await using var endpoint = await StartAsync(listen);
        var bound = endpoint.BoundEndPoints[0];
        Assert.NotEqual(0, bound.EndPoint.Port);
        if (bound.EndPoint.Address.Equals(IPAddress.Any))
            bound = bound with { EndPoint = new IPEndPoint(IPAddress.Loopback, bound.EndPoint.Port) };
        using var peer = await LoopbackPeer.ConnectAsync(bound);
        await peer.SendAsync(peer.Options(bound.EndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? "[::1]" : "127.0.0.1"));
        Assert.StartsWith("SIP/2.0 200", await peer.ReceiveAsync());
    }

    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task Start_PortTaken_ThrowsNamingTheEntryAndLeavesNothingOpen(SipTransportKind kind)
    {
        await using var first = await StartAsync(new SipListen(kind, new IPEndPoint(IPAddress.Loopback, 0)));
        var taken = first.BoundEndPoints[0];
        await using var second = new SipEndpoint(new SipEndpointOptions { Listen = [Udp, taken] });
        var thrown = await Assert.ThrowsAsync<SipBindException>(() => second.StartAsync());
        Assert.Contains(taken.ToString(), thrown.Message, StringComparison.Ordinal);
        Assert.Equal(taken, thrown.Listen);
        Assert.Empty(second.BoundEndPoints);
    }

    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task DualStack_OnePortForBothFamilies_AnswersEachByItsOwn(SipTransportKind kind)
    {
        await using var first = await StartAsync(new SipListen(kind, new IPEndPoint(IPAddress.IPv6Any, 0)));
        var port = first.BoundEndPoints[0].EndPoint.Port;
        SipEndpoint second;
        try
        {
            second = await StartAsync(new SipListen(kind, new IPEndPoint(IPAddress.Any, port)));
        }
        catch (SipBindException)
        {
            return; // somebody else has that port for IPv4
        }

        await using (second)
        {
            using var v6 = await LoopbackPeer.ConnectAsync(new SipListen(kind, new IPEndPoint(IPAddress.IPv6Loopback, port)));
            await v6.SendAsync(v6.Options("[::1]"));
            Assert.Contains("[::1]:", await v6.ReceiveAsync(), StringComparison.Ordinal);
            using var v4 = await LoopbackPeer.ConnectAsync(new SipListen(kind, new IPEndPoint(IPAddress.Loopback, port)));
            await v4.SendAsync(v4.Options());
            Assert.StartsWith("SIP/2.0 200", await v4.ReceiveAsync());
            Assert.Equal(1, first.Counters[SipCounter.RequestsReceived]);
            Assert.Equal(1, second.Counters[SipCounter.RequestsReceived]);
        }
    }

    [Fact]
    public async Task Start_Twice_Throws()
    {
        await using var endpoint = await StartAsync(Udp);
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.StartAsync());
    }

    [Fact]
    public async Task Dispose_FreesThePortsAtOnce()
    {
        var endpoint = await StartAsync(Udp, Tcp);
        var bound = endpoint.BoundEndPoints;
        using var peer = await LoopbackPeer.ConnectAsync(bound[1]);
        await peer.SendAsync(peer.Options());
        Assert.StartsWith("SIP/2.0 200", await peer.ReceiveAsync());
        await endpoint.DisposeAsync();
        Assert.Null(await peer.ReceiveAsync());
        await using var again = await StartAsync([.. bound]);
        Assert.Equal(bound, again.BoundEndPoints);
    }

    [Fact]
    public async Task Udp_GarbageAndEmptyDatagrams_DoNotEndTheLoop()
    {
        await using var endpoint = await StartAsync(Udp);
        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        await peer.SendAsync("\r\n\r\n");
        await peer.SendAsync("\0\0\0\0");
        await peer.SendAsync(new byte[1]);
        await peer.SendAsync(new byte[60_000]);
        await peer.SendAsync("garbage without end");
        await peer.SendAsync(peer.Options());
        Assert.StartsWith("SIP/2.0 200", await peer.ReceiveAsync());
    }

    [Fact]
    public async Task Udp_AnswerToAClosedPort_DoesNotEndTheLoop()
    {
        await using var endpoint = await StartAsync(Udp);
        for (int i = 0; i < 20; i++)
        {
            using var gone = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
            await gone.SendAsync(gone.Options(callId: $"gone{i}"));
        } // ICMP port unreachable comes back for the answers

        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        for (int i = 0; i < 20; i++)
        {
            await peer.SendAsync(peer.Options(callId: $"here{i}"));
            Assert.StartsWith("SIP/2.0 200", await peer.ReceiveAsync());
        }
    }

    [Fact]
    public async Task Tcp_MessagesInPiecesAndTogether_AreEachAnswered()
    {
        await using var endpoint = await StartAsync(Tcp);
        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        var first = peer.Options(cseq: 1);
        await peer.SendAsync(first[..40]);
        await Task.Delay(30);
        await peer.SendAsync(first[40..100]);
        await Task.Delay(30);
        await peer.SendAsync(first[100..] + peer.Options(cseq: 2) + peer.Options(cseq: 3));
        for (int i = 1; i <= 3; i++)
            Assert.Contains($"CSeq: {i} OPTIONS", await peer.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal(1, endpoint.Counters[SipCounter.ConnectionsAccepted]);
    }

    [Fact]
    public async Task Tcp_Ping_IsAnswered()
    {
        await using var endpoint = await StartAsync(Tcp);
        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        await peer.SendAsync("\r\n\r\n");
        Assert.Equal("ping", await peer.ReceiveAsync());
        Assert.Equal(1, endpoint.Counters[SipCounter.KeepAlivesReceived]);
    }

    [Fact]
    public async Task Tcp_NoContentLength_IsAnswered400AndClosed()
    {
        await using var endpoint = await StartAsync(Tcp);
        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        await peer.SendAsync(peer.Options().Replace("Content-Length: 0", "X: y", StringComparison.Ordinal));
        Assert.StartsWith("SIP/2.0 400", await peer.ReceiveAsync());
        Assert.Null(await peer.ReceiveAsync());
        Assert.Equal(1, endpoint.Counters[SipCounter.FramingErrors]);
    }

    [Fact]
    public async Task Tcp_BeyondTheCap_IsClosedAtOnce()
    {
        await using var endpoint = await StartAsync(new SipConnectionOptions { MaxConnections = 1 }, Tcp);
        using var first = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        await first.SendAsync(first.Options());
        Assert.StartsWith("SIP/2.0 200", await first.ReceiveAsync());
        using var second = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        Assert.Null(await second.ReceiveAsync());
        Assert.Equal(1, endpoint.Counters[SipCounter.ConnectionsRefused]);
        await first.SendAsync(first.Options(cseq: 2));
        Assert.StartsWith("SIP/2.0 200", await first.ReceiveAsync());
    }

    [Fact]
    public async Task Tcp_Idle_IsClosed()
    {
        await using var endpoint = await StartAsync(new SipConnectionOptions { IdleLimit = TimeSpan.FromMilliseconds(300), StalledMessageLimit = TimeSpan.FromSeconds(1) }, Tcp);
        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        Assert.Null(await peer.ReceiveAsync());
        Assert.Equal(1, endpoint.Counters[SipCounter.ConnectionsTimedOut]);
    }

    [Fact]
    public async Task Tcp_StuckWithinAMessage_IsClosedThoughBytesTrickle()
    {
        await using var endpoint = await StartAsync(new SipConnectionOptions { StalledMessageLimit = TimeSpan.FromMilliseconds(600) }, Tcp);
        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        await peer.SendAsync("OPTIONS sip:a@b SIP/2.0\n");
        var closed = peer.ReceiveAsync();
        try
        {
            while (!closed.IsCompleted)
            {
                await Task.Delay(50);
                await peer.SendAsync("X-Slow: 1\n");
            }
        }
        catch (SocketException)
        {
            // Closed under the trickle.
        }

        Assert.Null(await closed);
    }

    [Fact]
    public async Task Tcp_PeerDoesNotRead_IsClosedWhenTheQueueIsFull()
    {
        await using var endpoint = await StartAsync(new SipConnectionOptions { MaxQueuedBytes = 20_000 }, Tcp);
        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            for (int i = 1; endpoint.Counters[SipCounter.ConnectionsOverrun] == 0 && !patience.IsCancellationRequested; i++)
                await peer.SendAsync(peer.Options(cseq: i)).WaitAsync(patience.Token);
        }
        catch (SocketException)
        {
            // Closed while we were sending.
        }

        Assert.Equal(1, endpoint.Counters[SipCounter.ConnectionsOverrun]);
        using var other = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        await other.SendAsync(other.Options(callId: "other"));
        Assert.StartsWith("SIP/2.0 200", await other.ReceiveAsync());
    }

    [Fact]
    public async Task Tcp_TargetRefuses_IsUnreachable()
    {
        await using var endpoint = await StartAsync(Udp);
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, not listening
        var target = new SipUri(null, "127.0.0.1", ((IPEndPoint)probe.LocalEndPoint!).Port).WithParameter("transport", "tcp");
        Assert.Null(await endpoint.OptionsAsync(target));
    }

    [Fact]
    public async Task Tcp_OutboundWithoutListener_IsAnsweredOnOurConnection()
    {
        await using var server = await StartAsync(Tcp);
        await using var client = await StartAsync(Udp);
        var target = new SipUri(null, "127.0.0.1", server.BoundEndPoints[0].EndPoint.Port).WithParameter("transport", "tcp");
        Assert.Equal(200, (await client.OptionsAsync(target))!.StatusCode);
        Assert.Equal(200, (await client.OptionsAsync(target))!.StatusCode);
        Assert.Equal(1, client.Counters[SipCounter.ConnectionsOpened]); // reused
    }

    [Fact]
    public async Task Name_Unknown_IsUnreachable()
    {
        await using var endpoint = await StartAsync(Udp);
        Assert.Null(await endpoint.OptionsAsync(new SipUri(null, "no-such-host.invalid")));
        Assert.Null(await endpoint.FindPathAsync(new SipUri(null, "no-such-host.invalid")));
    }

    [Fact]
    public async Task LocalAddress_TowardsLoopback_IsLoopback()
    {
        await using var endpoint = await StartAsync(new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Any, 0)));
        Assert.Equal(IPAddress.Loopback, (await endpoint.FindPathAsync(new SipUri(null, "127.0.0.1")))!.Value.LocalAddress);
    }

    [Theory]
    [InlineData("not a host")]
    [InlineData("a:5060")]
    public void Options_AdvertisedAddressInvalid_Throws(string address)
    {
        var thrown = Assert.Throws<ArgumentException>(() => new SipEndpoint(new SipEndpointOptions { AdvertisedAddress = address }));
        Assert.Contains("AdvertisedAddress", thrown.Message, StringComparison.Ordinal);
    }

    private static Task<SipEndpoint> StartAsync(params SipListen[] listen) => StartAsync(new SipConnectionOptions(), listen);

    private static async Task<SipEndpoint> StartAsync(SipConnectionOptions connections, params SipListen[] listen)
    {
        var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = listen, Connections = connections });
        await endpoint.StartAsync();
        return endpoint;
    }
}
