using System.Net;

namespace VoiceGateway.Sip.Tests;

public sealed class SipUriTests
{
    [Theory]
    [InlineData("sip:alice@atlanta.com")]
    [InlineData("sip:alice:secretword@atlanta.com;transport=tcp")]
    [InlineData("sips:alice@atlanta.com?subject=project%20x&priority=urgent")]
    [InlineData("sip:+1-212-555-1212:1234@gateway.com;user=phone")]
    [InlineData("sips:1212@gateway.com")]
    [InlineData("sip:alice@192.0.2.4")]
    [InlineData("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com")]
    [InlineData("sip:alice;day=tuesday@atlanta.com")]
    [InlineData("sip:[2001:db8::1]:5070;lr")]
    [InlineData("sip:*72#@h")]
    [InlineData("sip:under_score.local:5060")]
    [InlineData("tel:+1-201-555-0123")]
    [InlineData("tel:7042;phone-context=example.com")]
    [InlineData("urn:service:sos")]
    [InlineData("http://www.example.com/a?b=c")]
    public void TryParse_LegalUri_IsWrittenBackAlike(string text)
    {
        Assert.True(SipUri.TryParse(text, out var uri));
        Assert.Equal(text, uri!.ToString());
        Assert.True(SipUri.TryParse(uri.ToString(), out var again));
        Assert.Equal(uri, again);
        Assert.Equal(uri.GetHashCode(), again!.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip")]
    [InlineData("sip:")]
    [InlineData(":alice@h")]
    [InlineData("5ip:h")]
    [InlineData("alice@atlanta.com")]
    [InlineData("sip:@h")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@b@c")]
    [InlineData("sip:a b@c")]
    [InlineData("sip:a@b c")]
    [InlineData("sip:a@b\r\nX: y")]
    [InlineData("sip:a@<b>")]
    [InlineData("sip:a@\"b\"")]
    [InlineData("sip:a@h:")]
    [InlineData("sip:a@h:0")]
    [InlineData("sip:a@h:65536")]
    [InlineData("sip:a@h:5o60")]
    [InlineData("sip:a@h:-1")]
    [InlineData("sip:a@h..b")]
    [InlineData("sip:a@[::1")]
    [InlineData("sip:a@[::1]x")]
    [InlineData("sip:a@[1.2.3.4]")]
    [InlineData("sip:a@[fe80::1%eth0]")]
    [InlineData("sip:a@[2001:db8:::10]")]
    [InlineData("sip:a@[2001:db8::1:::192.0.2.1]")]
    [InlineData("sip:a@2001:db8::1")]
    [InlineData("sip:%4@h")]
    [InlineData("sip:%zz@h")]
    [InlineData("sip:a@h;")]
    [InlineData("sip:a@h;;lr")]
    [InlineData("sip:a@h;=x")]
    [InlineData("sip:a@h;lr;LR")]
    [InlineData("sip:a@h;x=")]
    [InlineData("sip:a@h?")]
    [InlineData("sip:a@h?x")]
    [InlineData("sip:a@h?=x")]
    [InlineData("tel:")]
    [InlineData("tel:+")]
    [InlineData("tel:alice")]
    [InlineData("tel:---")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(SipUri.TryParse(text, out _));

    [Fact]
    public void TryParse_Parts_AreFound()
    {
        Assert.True(SipUri.TryParse("SIPS:J%C3%BCrgen;x:p%40ss@[2001:DB8::1]:5061;Transport=TLS;lr?Subject=a%20b&x=y"u8, out var uri));

        Assert.Equal("sips", uri!.Scheme);
        Assert.True(uri.IsSip && uri.IsSecure);
        Assert.Equal("Jürgen;x", uri.User);
        Assert.Equal("p@ss", uri.Password);
        Assert.Equal("2001:DB8::1", uri.Host);
        Assert.Equal(IPAddress.Parse("2001:db8::1"), uri.HostAddress);
        Assert.Equal(5061, uri.Port);
        Assert.Equal("tls", uri.Transport);
        Assert.True(uri.Parameters.Contains("LR"));
        Assert.Equal(["Subject=a%20b", "x=y"], uri.Headers.Select(header => header.ToString()));
    }

    // RFC 3261 section 19.1.4, the examples of both lists.
    [Theory]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;security=on", true)]
    [InlineData("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com", "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com", true)]
    [InlineData("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x", true)]
    [InlineData("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false)]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4", false)]
    [InlineData("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;newparam=6", false)]
    [InlineData("sip:a@h", "sips:a@h", false)]
    [InlineData("sip:a@h", "sip:h", false)]
    [InlineData("sip:a@h", "sip:a:p@h", false)]
    [InlineData("sip:a%3Bb@h", "sip:a;b@h", false)]
    [InlineData("sip:a%3bb@h", "sip:a%3Bb@h", true)]
    [InlineData("sip:a@h;user=phone", "sip:a@h", false)]
    [InlineData("sip:a@h;maddr=1.2.3.4", "sip:a@h", false)]
    [InlineData("sip:a@[2001:db8::1]", "sip:a@[2001:DB8:0::0:1]", true)]
    [InlineData("tel:+1-201-555-0123", "tel:+12015550123", true)]
    [InlineData("tel:+1-201-555-0123", "tel:+12015550124", false)]
    [InlineData("tel:7042;phone-context=a", "tel:7042", false)]
    public void Equals_PairOfUris_IsAsTheRfcSays(string left, string right, bool equal)
    {
        Assert.True(SipUri.TryParse(left, out var a));
        Assert.True(SipUri.TryParse(right, out var b));

        Assert.Equal(equal, a!.Equals(b));
        Assert.Equal(equal, b!.Equals(a));
        if (equal)
            Assert.Equal(a.GetHashCode(), b.GetHashCode());
    }

    [Theory]
    [InlineData("sip:+1-212-555.1212@h", "+12125551212")]
    [InlineData("sip:+15551212;npdi;rn=+15550000@h;user=phone", "+15551212")]
    [InlineData("tel:(0)30-12*%23", null)]
    [InlineData("tel:+49(0)30", "+49030")]
    [InlineData("sip:100@h", "100")]
    [InlineData("sip:*72#@h", "*72#")]
    [InlineData("sip:alice@h", null)]
    [InlineData("sip:1+2@h", null)]
    [InlineData("sip:h", null)]
    public void TelephoneNumber_UserPart_IsTheNumberOrNothing(string text, string? number)
    {
        SipUri.TryParse(text, out var uri);

        Assert.Equal(number, uri?.TelephoneNumber);
    }

    [Fact]
    public void Constructor_UserWithReservedCharacters_IsEscaped()
    {
        var uri = new SipUri("Jürgen @home?\r\n", "2001:db8::1", 5070, secure: true);

        Assert.Equal("sips:J%C3%BCrgen%20%40home%3F%0D%0A@[2001:db8::1]:5070", uri.ToString());
        Assert.Equal("Jürgen @home?\r\n", uri.User);
        Assert.True(SipUri.TryParse(uri.ToString(), out var again));
        Assert.Equal(uri, again);
    }

    [Theory]
    [InlineData("h\r\nX: y", null)]
    [InlineData("", null)]
    [InlineData("a b", null)]
    [InlineData("h", 0)]
    [InlineData("h", 65536)]
    public void Constructor_ImpossibleHostOrPort_Throws(string host, int? port) => Assert.Throws<ArgumentException>(() => new SipUri("a", host, port));

    [Fact]
    public void With_ChangesACopy()
    {
        var uri = new SipUri("alice", "h").WithParameter("transport", "tcp").WithParameter("lr").WithParameter("Transport", "udp");

        Assert.Equal("sip:alice@h;Transport=udp;lr", uri.ToString());
        Assert.Equal("sip:alice@h;lr", uri.WithoutParameter("TRANSPORT").ToString());
        Assert.Equal("sip:bob@h", uri.WithUser("bob").WithoutParameters().ToString());
        Assert.Equal("sip:h", uri.WithUser(null).WithoutParameters().ToString());
        Assert.Throws<ArgumentException>(() => uri.WithParameter("x", "a;b"));
        Assert.Throws<ArgumentException>(() => uri.WithParameter("x", "a\r\nb"));
        Assert.Throws<ArgumentException>(() => uri.WithParameter("x?", "a"));
        Assert.Throws<ArgumentException>(() => uri.WithParameter("x", "\"a b\""));
    }
}
