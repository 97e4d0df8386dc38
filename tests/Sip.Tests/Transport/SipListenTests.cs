namespace VoiceGateway.Sip.Tests.Transport;

public class SipListenTests
{
    [Theory]
    [InlineData("udp:127.0.0.1:5070", "udp:127.0.0.1:5070")]
    [InlineData("UDP:0.0.0.0:5060", "udp:0.0.0.0:5060")]
    [InlineData("tcp:[::1]:0", "tcp:[::1]:0")]
    [InlineData("tls:*:5061", "tls:0.0.0.0:5061")]
    [InlineData("udp:localhost:1", "udp:127.0.0.1:1")]
    [InlineData("udp:192.0.2.1", "udp:192.0.2.1:5060")]
    [InlineData("tls:[2001:db8::1]", "tls:[2001:db8::1]:5061")]
    public void TryParse_Valid_Reads(string text, string expected)
    {
        Assert.True(SipListen.TryParse(text, out var listen, out var error), error);
        Assert.Equal(expected, listen.ToString());
    }

    [Theory]
    [InlineData("udp:0.0.0.0:5060;advertise=203.0.113.7:15060", "203.0.113.7", 15060)]
    [InlineData("udp:0.0.0.0:5060;advertise=203.0.113.7", "203.0.113.7", null)]
    [InlineData("tls:[::]:5061;advertise=gw.example.com:443", "gw.example.com", 443)]
    [InlineData("udp:[::]:5060;advertise=[2001:db8::9]:15060", "2001:db8::9", 15060)]
    [InlineData("udp:0.0.0.0;ADVERTISE=15060", null, 15060)]
    public void TryParse_Advertise_ReadsWhatPeersSee(string text, string? host, int? port)
    {
        Assert.True(SipListen.TryParse(text, out var listen, out var error), error);
        Assert.Equal(host, listen.AdvertisedHost);
        Assert.Equal(port, listen.AdvertisedPort);
        Assert.DoesNotContain("advertise", listen.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null, "form")]
    [InlineData("udp:0.0.0.0:5060;advertise=", "port")]
    [InlineData("udp:0.0.0.0:5060;advertise=0", "port")]
    [InlineData("udp:0.0.0.0:5060;advertise=a b", "a b")]
    [InlineData("udp:0.0.0.0:5060;advertise=2001:db8::9", "2001")]
    [InlineData("udp:0.0.0.0:5060;advertise=h;x=y", "h;x")]
    [InlineData("", "form")]
    [InlineData("5060", "form")]
    [InlineData("sctp:0.0.0.0:5060", "sctp")]
    [InlineData("udp:0.0.0.0:99999", "99999")]
    [InlineData("udp:0.0.0.0:-1", "-1")]
    [InlineData("udp:0.0.0.0:", "port")]
    [InlineData("udp:host.example.com:5060", "host.example.com")]
    [InlineData("udp:::1:5060", "brackets")]
    public void TryParse_Invalid_SaysWhatIsWrong(string? text, string hint)
    {
        Assert.False(SipListen.TryParse(text, out var listen, out var error));
        Assert.Null(listen);
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }
}
