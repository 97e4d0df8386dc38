using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>RFC 5626 section 4.4.1, with time standing still and real connections.</summary>
public class KeepAliveTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public async Task OpenedConnection_IsPingedAndClosedWhenAPongIsMissing()
    {
        await using var node = await StartAsync(SipTransportKind.Tcp);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var hop = new SipHop(SipTransportKind.Tcp, (IPEndPoint)server.LocalEndpoint);
        var flow = await node.OpenAsync(hop);
        using var peer = LoopbackPeer.Adopt(await server.AcceptSocketAsync());

        for (int ping = 1; ping <= 3; ping++)
        {
            await AdvanceUntilAsync(() => node.Counters[SipCounter.KeepAlivesSent] == ping);
            Assert.Equal("keep-alive", await peer.ReceiveAsync());
            await peer.SendAsync("\r\n");
            await Task.Delay(50);
            Assert.True(flow!.IsOpen);
        }

        Assert.Equal(0, node.Counters[SipCounter.KeepAlivesReceived]); // three pongs are no pings
        await AdvanceUntilAsync(() => node.Counters[SipCounter.KeepAlivesSent] == 4);
        Assert.True(flow!.IsOpen);
        await AdvanceUntilAsync(() => !flow.IsOpen);
        Assert.Equal(1, node.Counters[SipCounter.KeepAlivesUnanswered]);
        var next = await node.OpenAsync(hop);
        Assert.True(next!.IsOpen);
        Assert.NotSame(flow, next);
    }

    [Fact]
    public async Task PeerThatNeverPongs_IsPingedAndLeftAlone()
    {
        await using var node = await StartAsync(SipTransportKind.Tcp);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var flow = await node.OpenAsync(new SipHop(SipTransportKind.Tcp, (IPEndPoint)server.LocalEndpoint));
        using var peer = LoopbackPeer.Adopt(await server.AcceptSocketAsync());
        await AdvanceUntilAsync(() => node.Counters[SipCounter.KeepAlivesSent] == 3);
        Assert.True(flow!.IsOpen);
        Assert.Equal(0, node.Counters[SipCounter.KeepAlivesUnanswered]);
    }

    [Fact]
    public async Task AcceptedConnection_IsPingedWhileLeasedOnly()
    {
        await using var node = await StartAsync(SipTransportKind.Tcp);
        using var peer = await LoopbackPeer.ConnectAsync(node.Bound);
        await peer.SendAsync(peer.Options());
        var (_, flow) = await node.NextAsync();
        Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, node.Counters[SipCounter.KeepAlivesSent]);

        using (flow.KeepAlive(TimeSpan.FromSeconds(20)))
        {
            Assert.Equal(1, flow.Uses);
            Advance(TimeSpan.FromSeconds(5)); // silent for long already
            Assert.Equal("keep-alive", await peer.ReceiveAsync());
            Advance(TimeSpan.FromMinutes(30));
            Assert.True(flow.IsOpen); // in use: the idle limit spares it
        }

        Assert.Equal(0, flow.Uses);
        await AdvanceUntilAsync(() => !flow.IsOpen);
    }

    [Fact]
    public async Task Lease_OnAPeerThatPromisedPongs_EndsTheFlowAtTheFirstMissingOne()
    {
        await using var node = await StartAsync(SipTransportKind.Tcp);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var flow = await node.OpenAsync(new SipHop(SipTransportKind.Tcp, (IPEndPoint)server.LocalEndpoint));
        using var lease = flow!.KeepAlive(TimeSpan.FromSeconds(20), expectsPong: true);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        flow.Closed.Register(told.SetResult);
        await AdvanceUntilAsync(() => !flow.IsOpen);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, node.Counters[SipCounter.KeepAlivesUnanswered]);
        Assert.Equal(1, node.Counters[SipCounter.KeepAlivesSent]);
    }

    [Fact]
    public async Task Udp_Leased_KeepsTheBindingUntilReleased()
    {
        await using var node = await StartAsync(SipTransportKind.Udp);
        using var peer = await LoopbackPeer.ConnectAsync(node.Bound);
        var flow = await node.OpenAsync(new SipHop(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, peer.Port)));
        int before = _time.ActiveTimers;
        var lease = flow!.KeepAlive(TimeSpan.FromSeconds(25));
        for (int i = 0; i < 3; i++)
        {
            Advance(TimeSpan.FromSeconds(25));
            Assert.Equal("\r\n\r\n", await peer.ReceiveAsync());
        }

        lease.Dispose();
        lease.Dispose();
        Assert.Equal(before, _time.ActiveTimers);
        Assert.Equal(0, flow.Uses);
        Advance(TimeSpan.FromMinutes(2));
        await peer.SendAsync(peer.Options());
        var (_, from) = await node.NextAsync();
        from.Send("done"u8);
        var rest = new List<string?>();
        while (await peer.ReceiveAsync() is { } text && text != "done")
            rest.Add(text);
        Assert.True(rest.Count <= 1); // 75 s hold three or four pings
    }

    [Theory]
    [InlineData("\r\n", 0)]
    [InlineData("\r\n\r\n", 4)]
    [InlineData("\r\n\r\n\r\n", 4)]
    [InlineData("\r\nSIP/2.0", 7)]
    [InlineData("SIP/2.0", 7)]
    public void Receive_AfterAPing_TakesOnePong(string input, int left)
    {
        var keepAlive = new ConnectionKeepAlive(_time);
        Assert.Equal(input.Length, keepAlive.Receive(System.Text.Encoding.ASCII.GetBytes(input), true).Length); // no ping was sent: nothing is a pong
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(KeepAliveStep.Ping, keepAlive.Next(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), false));
        Assert.Equal(input.Length, keepAlive.Receive(System.Text.Encoding.ASCII.GetBytes(input), false).Length); // within a message
        Assert.Equal(left, keepAlive.Receive(System.Text.Encoding.ASCII.GetBytes(input), true).Length);
    }

    [Fact]
    public void Next_WaitsBetween80And100Percent()
    {
        for (int i = 0; i < 50; i++)
        {
            var keepAlive = new ConnectionKeepAlive(_time);
            var begun = _time.GetTimestamp();
            while (keepAlive.Next(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(10), false) != KeepAliveStep.Ping)
                _time.Advance(TimeSpan.FromMilliseconds(500));
            Assert.InRange(_time.GetElapsedTime(begun).TotalSeconds, 80, 100.5);
        }
    }

    private Task<TransportNode> StartAsync(SipTransportKind kind) =>
        TransportNode.StartAsync(new SipEndpointOptions { Listen = [TransportNode.Loopback(kind)], TimeProvider = _time });

    private void Advance(TimeSpan by)
    {
        for (int i = 0; i < by.TotalSeconds; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 2000 && !condition(); i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.True(condition());
    }
}
