using System.Net;

namespace VoiceGateway.Sip.Tests;

public sealed class SipViaTests
{
    [Theory]
    [InlineData("SIP/2.0/UDP h", "SIP/2.0/UDP h")]
    [InlineData("sip / 2.0 / tcp  h : 5061 ; Branch = z9hG4bKx", "SIP/2.0/tcp h:5061;Branch=z9hG4bKx")]
    [InlineData("SIP/2.0/UDP [2001:db8::1]:5070;received=2001:db8::2;branch=z9hG4bKx", "SIP/2.0/UDP [2001:db8::1]:5070;received=2001:db8::2;branch=z9hG4bKx")]
    [InlineData("SIP/2.0/TLS-SCTP h;ttl=16;maddr=224.2.0.1", "SIP/2.0/TLS-SCTP h;ttl=16;maddr=224.2.0.1")]
    public void TryParse_LegalValue_IsRead(string text, string written)
    {
        Assert.True(SipVia.TryParse(text, out var via));
        Assert.Equal(written, via!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIP/2.0/UDP")]
    [InlineData("SIP/2.0/UDP ")]
    [InlineData("SIP/2.0 UDP h")]
    [InlineData("SIP/1.0/UDP h")]
    [InlineData("HTTP/2.0/UDP h")]
    [InlineData("SIP/2.0/U@P h")]
    [InlineData("SIP/2.0/UDP h x")]
    [InlineData("SIP/2.0/UDP h:x")]
    [InlineData("SIP/2.0/UDP h:5060:5060")]
    [InlineData("SIP/2.0/UDP 2001:db8::1")]
    [InlineData("SIP/2.0/UDP h;branch")]
    [InlineData("SIP/2.0/UDP h;branch=")]
    [InlineData("SIP/2.0/UDP h;branch=a;branch=b")]
    [InlineData("SIP/2.0/UDP h;rport=0")]
    [InlineData("SIP/2.0/UDP h;rport=x")]
    [InlineData("SIP/2.0/UDP h, SIP/2.0/UDP i")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(SipVia.TryParse(text, out _));

    [Theory]
    [InlineData("z9hG4bK", false)]
    [InlineData("z9hG4bKa", true)]
    [InlineData("Z9HG4BKa", true)]
    [InlineData("390skdjuw", false)]
    public void HasMagicCookie_Branch_IsTold(string branch, bool has) =>
        Assert.Equal(has, new SipVia("UDP", "h", branch: branch).HasMagicCookie);

    // RFC 3261 section 18.2.1 and RFC 3581 section 4.
    [Theory]
    [InlineData("SIP/2.0/UDP 192.0.2.1:5062;branch=x", "192.0.2.1", "SIP/2.0/UDP 192.0.2.1:5062;branch=x")]
    [InlineData("SIP/2.0/UDP 192.0.2.1:5062;branch=x", "192.0.2.9", "SIP/2.0/UDP 192.0.2.1:5062;branch=x;received=192.0.2.9")]
    [InlineData("SIP/2.0/UDP host;branch=x", "192.0.2.9", "SIP/2.0/UDP host;branch=x;received=192.0.2.9")]
    [InlineData("SIP/2.0/UDP 192.0.2.1;rport;branch=x", "192.0.2.1", "SIP/2.0/UDP 192.0.2.1;rport=7000;branch=x;received=192.0.2.1")]
    [InlineData("SIP/2.0/UDP 10.0.0.1;rport;branch=x", "::ffff:192.0.2.9", "SIP/2.0/UDP 10.0.0.1;rport=7000;branch=x;received=192.0.2.9")]
    [InlineData("SIP/2.0/UDP [2001:db8::1];branch=x", "2001:db8::9", "SIP/2.0/UDP [2001:db8::1];branch=x;received=2001:db8::9")]
    [InlineData("SIP/2.0/UDP h;received=1.1.1.1;rport=1", "192.0.2.9", "SIP/2.0/UDP h;received=192.0.2.9;rport=7000")]
    public void WithSource_RequestReceived_IsMarkedAsTheRfcsSay(string text, string source, string expected)
    {
        Assert.True(SipVia.TryParse(text, out var via));

        var marked = via!.WithSource(new IPEndPoint(IPAddress.Parse(source), 7000));

        Assert.Equal(expected, marked.ToString());
        Assert.True(SipVia.TryParse(marked.ToString(), out _));
    }

    [Fact]
    public void Constructor_OwnVia_IsWritten()
    {
        Assert.Equal("SIP/2.0/TLS [::1]:5061;branch=z9hG4bKx;rport", new SipVia("TLS", "::1", 5061, "z9hG4bKx", requestRport: true).ToString());
        Assert.Throws<ArgumentException>(() => new SipVia("UDP", "h\r\nX: y"));
        Assert.Throws<ArgumentException>(() => new SipVia("U P", "h"));
        Assert.Throws<ArgumentException>(() => new SipVia("UDP", "h", branch: "a;b"));
    }
}
