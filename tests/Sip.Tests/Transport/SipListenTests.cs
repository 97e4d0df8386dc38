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
    [InlineData(null, "form")]
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
