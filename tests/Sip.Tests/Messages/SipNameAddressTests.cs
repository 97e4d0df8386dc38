namespace VoiceGateway.Sip.Tests;

public sealed class SipNameAddressTests
{
    [Theory]
    [InlineData("<sip:a@b>", null, "sip:a@b", null)]
    [InlineData("sip:a@b;tag=1", null, "sip:a@b", "1")]
    [InlineData("sip:a@b ; tag = 1 ;x", null, "sip:a@b", "1")]
    [InlineData("<sip:a@b;tag=2>;tag=1", null, "sip:a@b;tag=2", "1")]
    [InlineData("Alice <sip:a@b>;tag=1", "Alice", "sip:a@b", "1")]
    [InlineData("Alice of  Wonderland<sip:a@b>", "Alice of  Wonderland", "sip:a@b", null)]
    [InlineData("\"Al \\\"i\\\\ce\\\"\"<sip:a@b>;tag=1", "Al \"i\\ce\"", "sip:a@b", "1")]
    [InlineData("\"<sip:x@y>;tag=0\" <sip:a@b>", "<sip:x@y>;tag=0", "sip:a@b", null)]
    [InlineData("\"\" <sip:a@b>", null, "sip:a@b", null)]
    [InlineData("\"Größe\" <sip:a@b>", "Größe", "sip:a@b", null)]
    [InlineData("<tel:+1-201-555-0123>;tag=9", null, "tel:+1-201-555-0123", "9")]
    [InlineData("< sip:a@b >", null, "sip:a@b", null)]
    public void TryParse_LegalValue_IsRead(string text, string? name, string uri, string? tag)
    {
        Assert.True(SipNameAddress.TryParse(text, out var address));

        Assert.Equal((name, uri, tag), (address!.DisplayName, address.Uri.ToString(), address.Tag));
        Assert.True(SipNameAddress.TryParse(address.ToString(), out var again));
        Assert.Equal((name, uri, tag), (again!.DisplayName, again.Uri.ToString(), again.Tag));
        Assert.Equal(address.ToString(), again.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("<>")]
    [InlineData("<sip:a@b")]
    [InlineData("sip:a@b>")]
    [InlineData("\"Alice <sip:a@b>")]
    [InlineData("\"Alice\" sip:a@b")]
    [InlineData("\"Alice\"")]
    [InlineData("\"Alice\\\" <sip:a@b>")]
    [InlineData("Al\"ice <sip:a@b>")]
    [InlineData("<sip:a@b> junk")]
    [InlineData("<sip:a@b>,<sip:c@d>")]
    [InlineData("sip:a@b,sip:c@d")]
    [InlineData("sip:a@b?Subject=x")]
    [InlineData("<sip:a@b>;;tag=1")]
    [InlineData("<sip:a@b>;tag=")]
    [InlineData("<sip:a@b>;tag")]
    [InlineData("<sip:a@b>;tag=a b")]
    [InlineData("<sip:a@b>;tag=\"a\"")]
    [InlineData("<sip:a@b>;tag=1;TAG=2")]
    [InlineData("<sip:a@b>;x=\"open")]
    [InlineData("<sip:a@b>\r\nX: y")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(SipNameAddress.TryParse(text, out _));

    [Fact]
    public void ToString_HostileDisplayName_StaysOneHeader()
    {
        var address = new SipNameAddress(new SipUri("a", "b"), "x\"<sip:evil@e>\r\nInjected: y\0\\");

        Assert.Equal("\"x\\\"<sip:evil@e>  Injected: y\\\0\\\\\" <sip:a@b>", address.ToString());
        Assert.True(SipHeaders.IsValid("From", address.ToString()));
        Assert.True(SipNameAddress.TryParse(address.ToString(), out var again));
        Assert.Equal("x\"<sip:evil@e>  Injected: y\0\\", again!.DisplayName);
    }

    [Fact]
    public void WithTag_NoToken_Throws()
    {
        var address = new SipNameAddress(new SipUri("a", "b"));

        Assert.Equal("<sip:a@b>;tag=t1", address.WithTag("t0").WithTag("t1").ToString());
        Assert.Equal("<sip:a@b>", address.WithTag("t0").WithoutTag().ToString());
        Assert.Throws<ArgumentException>(() => address.WithTag("a;b"));
        Assert.Throws<ArgumentException>(() => address.WithTag("a\r\nb"));
    }
}
