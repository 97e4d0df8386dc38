using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>A socket bound to all addresses, on a host that has several.</summary>
public class UdpSourceAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("127.8.9.10")]
    public async Task Answer_LeavesFromTheAddressThatWasAsked(string asked)
    {
        if (!OperatingSystem.IsLinux())
            return; // elsewhere the route decides
        await using var node = await TransportNode.StartAsync(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Any, 0))] });
        using var peer = await LoopbackPeer.ConnectAsync(new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Parse(asked), node.Bound.EndPoint.Port)));
        await peer.SendAsync(peer.Options());
        var (_, flow) = await node.NextAsync();
        Assert.Equal(new IPEndPoint(IPAddress.Parse(asked), node.Bound.EndPoint.Port), flow.LocalEndPoint);
        Assert.True(flow.Send("answer"u8));
        Assert.Equal("answer", await peer.ReceiveAsync()); // a connected socket takes it from nobody else
        Assert.Equal((asked, node.Bound.EndPoint.Port), node.Transports.SentBy(flow));

        // What we begin goes the same way: the peer's NAT or firewall knows that address.
        Assert.Same(flow, await node.OpenAsync(new SipHop(SipTransportKind.Udp, flow.RemoteEndPoint)));
    }

    [Fact]
    public async Task Answer_OverIPv6_LeavesFromTheAddressThatWasAsked()
    {
        if (!Socket.OSSupportsIPv6)
            return;
        await using var node = await TransportNode.StartAsync(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.IPv6Any, 0))] });
        using var peer = await LoopbackPeer.ConnectAsync(new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.IPv6Loopback, node.Bound.EndPoint.Port)));
        await peer.SendAsync(peer.Options("[::1]"));
        var (_, flow) = await node.NextAsync();
        Assert.Equal(IPAddress.IPv6Loopback, flow.LocalEndPoint.Address);
        Assert.True(flow.Send("answer"u8));
        Assert.Equal("answer", await peer.ReceiveAsync());
    }

    [Fact]
    public async Task Answer_FromAnAddressThatHasGone_LeavesByTheRoute()
    {
        await using var transport = new UdpTransport(new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Any, 0)), new RouteSource(TimeProvider.System), TimeProvider.System);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var flow = new UdpFlow(transport, peer.LocalEndPoint!.Serialize(), 0xC0000263); // 192.0.2.99
        Assert.True(flow.Send("answer"u8));
        Assert.Equal(6, peer.Receive(new byte[100]));
    }
}
