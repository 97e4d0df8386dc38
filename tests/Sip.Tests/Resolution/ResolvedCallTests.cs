using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Resolution;

/// <summary>Whole endpoints that find each other by name.</summary>
public class ResolvedCallTests
{
    [Fact]
    public async Task Options_FirstServerIsDown_ReachesTheSecondAndTriesTheFirstLast()
    {
        await using var pair = await EndpointPair.StartAsync(SipTransportKind.Tcp);
        await using var dns = FakeDnsServer.Start();
        int up = pair.Callee.BoundEndPoints[0].EndPoint.Port, down = ClosedPort();
        dns.Naptr("example.com", 10, 10, "SIP+D2T", "_sip._tcp.example.com")
            .Srv("_sip._tcp.example.com", 1, 0, down, "a.example.com").Srv("_sip._tcp.example.com", 2, 0, up, "b.example.com")
            .A("a.example.com", "127.0.0.1").A("b.example.com", "127.0.0.1");
        var listen = new SipListen(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0));
        await using var asking = new SipEndpoint(new SipEndpointOptions { Listen = [listen], Resolution = new SipResolutionOptions { NameServers = [dns.EndPoint] } });
        await asking.StartAsync();

        var response = await asking.OptionsAsync(new SipUri(null, "example.com")).WaitAsync(EndpointPair.Patience);

        Assert.Equal(200, response?.StatusCode);
        var listed = Assert.Single(asking.ListedHops);
        Assert.Equal($"Tcp 127.0.0.1:{down} 1", $"{listed.Transport} {listed.EndPoint} {listed.Failures}");
        dns.TakeAsked();
        Assert.Equal(200, (await asking.OptionsAsync(new SipUri(null, "example.com")).WaitAsync(EndpointPair.Patience))?.StatusCode);
        Assert.Empty(dns.TakeAsked());
        Assert.Equal(1, Assert.Single(asking.ListedHops).Failures); // not tried again, nor waited for
    }

    [Fact]
    public async Task Options_NameThatNobodyHas_IsNoAnswer()
    {
        await using var dns = FakeDnsServer.Start();
        var listen = new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0));
        await using var asking = new SipEndpoint(new SipEndpointOptions { Listen = [listen], Resolution = new SipResolutionOptions { NameServers = [dns.EndPoint] } });
        await asking.StartAsync();
        Assert.Null(await asking.OptionsAsync(new SipUri(null, "nobody.invalid")).WaitAsync(EndpointPair.Patience));
    }

    [Fact]
    public async Task Dispose_WhileANameIsLookedUp_LeavesNothing()
    {
        await using var dns = FakeDnsServer.Start();
        dns.Lost = int.MaxValue;
        var listen = new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0));
        var asking = new SipEndpoint(new SipEndpointOptions { Listen = [listen], Resolution = new SipResolutionOptions { NameServers = [dns.EndPoint] } });
        await asking.StartAsync();
        var options = asking.OptionsAsync(new SipUri(null, "example.com"));
        await dns.ArrivedAsync();
        await asking.DisposeAsync();
        Assert.Null(await options.WaitAsync(EndpointPair.Patience));
    }

    [Fact]
    public void Constructor_LimitsThatCannotBe_NamesTheOption()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new SipEndpoint(new SipEndpointOptions { Resolution = new SipResolutionOptions { ServerLimit = TimeSpan.Zero } }));
        Assert.Contains("Resolution", thrown.Message, StringComparison.Ordinal);
    }

    private static int ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
