using System.Net;

namespace VoiceGateway.Sip.Tests.Transport;

public class AdvertisedAddressTests
{
    [Theory]
    [InlineData("198.51.100.7", "udp:10.0.0.5:5060", null, "10.0.0.5:5060")]
    [InlineData("198.51.100.7", "udp:10.0.0.5:5060", "203.0.113.7", "203.0.113.7:5060")]
    [InlineData("198.51.100.7", "udp:10.0.0.5:5060", "gw.example.com", "gw.example.com:5060")]
    [InlineData("10.0.0.9", "udp:10.0.0.5:5060", "203.0.113.7", "10.0.0.5:5060")] // on our side of the NAT
    [InlineData("10.0.0.9", "udp:10.0.0.5:5060;advertise=15060", "203.0.113.7", "10.0.0.5:5060")]
    [InlineData("::ffff:10.0.0.9", "udp:10.0.0.5:5060", "203.0.113.7", "10.0.0.5:5060")]
    [InlineData("198.51.100.7", "udp:10.0.0.5:5060;advertise=15060", "203.0.113.7", "203.0.113.7:15060")]
    [InlineData("198.51.100.7", "udp:10.0.0.5:5060;advertise=203.0.113.9:15060", "203.0.113.7", "203.0.113.9:15060")]
    [InlineData("198.51.100.7", "udp:10.0.0.5:5060;advertise=203.0.113.9", null, "203.0.113.9:5060")]
    [InlineData("2001:db8::7", "udp:[2001:db8::5]:5060", "203.0.113.7", "2001:db8::5:5060")] // an IPv4 address means nothing to it
    [InlineData("2001:db8::7", "udp:[2001:db8::5]:5060", "2001:db8::99", "2001:db8::99:5060")]
    [InlineData("2001:db8::7", "udp:[2001:db8::5]:5060;advertise=[2001:db8::99]:15060", "203.0.113.7", "2001:db8::99:15060")]
    [InlineData("fd00::7", "udp:[fd00::5]:5060", "2001:db8::99", "fd00::5:5060")]
    [InlineData("fe80::7%3", "udp:[fe80::5%3]:5060", null, "fe80::5:5060")] // a zone is no peer's business
    public void SentBy_IsWhatThePeerCanReach(string peer, string listen, string? advertised, string expected)
    {
        Assert.True(SipListen.TryParse(listen, out var entry, out var error), error);
        var flow = new StubFlow(entry, IPAddress.Parse(peer));
        var (host, port) = new AdvertisedAddresses(Options(advertised)).SentBy(flow);
        Assert.Equal(expected, $"{host}:{port}");
        Assert.NotNull(new SipVia("UDP", host, port)); // can be written
        Assert.True(SipUri.TryParse(new SipUri("gw", host, port).ToString(), out var uri));
        Assert.Equal(host, uri!.Host);
    }

    [Theory]
    [InlineData("198.51.100.7", "10.0.0.5", "203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.9", "10.0.0.5", "203.0.113.7", "10.0.0.5")]
    [InlineData("198.51.100.7", "10.0.0.5", "gw.example.com", "10.0.0.5")] // a name is no address for SDP
    [InlineData("198.51.100.7", "10.0.0.5", null, "10.0.0.5")]
    [InlineData("2001:db8::7", "2001:db8::5", "203.0.113.7", "2001:db8::5")]
    [InlineData("fe80::7%3", "fe80::5%3", null, "fe80::5")]
    public void Address_SaysWhatSdpTells(string peer, string local, string? advertised, string expected) =>
        Assert.Equal(expected, new AdvertisedAddresses(Options(advertised)).Address(null, IPAddress.Parse(peer), IPAddress.Parse(local)).ToString());

    [Theory]
    [InlineData("gw.example.com", "203.0.113.7", "203.0.113.7")] // peers see the name in Via and Contact, and media needs an address
    [InlineData("203.0.113.9", "203.0.113.7", "203.0.113.9")]
    [InlineData("203.0.113.9", "gw.example.com", "203.0.113.9")]
    [InlineData("gw.example.com", "gw.example.org", "10.0.0.5")]
    [InlineData("[2001:db8::99]", "203.0.113.7", "203.0.113.7")]
    public void Address_OfAnEntry_IsTheFirstThatIsOne(string ofEntry, string ofAll, string expected)
    {
        Assert.True(SipListen.TryParse("udp:10.0.0.5:5060;advertise=" + ofEntry, out var listen, out var error), error);
        Assert.Equal(expected, new AdvertisedAddresses(Options(ofAll)).Address(new StubFlow(listen, IPAddress.Parse("198.51.100.7"))).ToString());
    }

    [Fact]
    public async Task FindPath_Loopback_SaysBothAddresses()
    {
        await using var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [TransportNode.Loopback(SipTransportKind.Udp)], AdvertisedAddress = "203.0.113.7" });
        await endpoint.StartAsync();
        var path = await endpoint.FindPathAsync(new SipUri(null, "127.0.0.1", 5999));
        Assert.Equal(new SipPath(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 5999), IPAddress.Loopback, IPAddress.Parse("203.0.113.7")), path);
    }

    [Theory]
    [InlineData("fe80::1", "::", 0)] // bound to all links: only one of them can be meant, if there is one
    [InlineData("fe80::1%4", "::", 4)]
    [InlineData("fe80::1", "fe80::9%7", 7)]
    [InlineData("2001:db8::1", "fe80::9%7", 0)]
    public void LinkLocal_WithoutZone_TakesThatOfTheSocket(string remote, string bound, long scope)
    {
        var completed = LinkLocalScope.Complete(new IPEndPoint(IPAddress.Parse(remote), 5060), IPAddress.Parse(bound));
        if (bound != "::" || remote.Contains('%'))
            Assert.Equal(scope, completed.Address.ScopeId);
        Assert.Equal(5060, completed.Port);
    }

    private static SipEndpointOptions Options(string? advertised) => new()
    {
        AdvertisedAddress = advertised,
        LocalNetworks = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")],
    };

    private sealed class StubFlow(SipListen listen, IPAddress peer) : SipFlow
    {
        public override SipTransportKind Kind => listen.Kind;

        public override IPEndPoint RemoteEndPoint => new(peer, 5060);

        public override IPEndPoint LocalEndPoint => listen.EndPoint;

        public override SipListen Listen => listen;

        public override bool IsOpen => true;

        public override bool Send(ReadOnlySpan<byte> message) => true;
    }
}
