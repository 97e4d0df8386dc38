using System.Net;

namespace VoiceGateway.Sip.Tests;

/// <summary>Every message of RFC 5118, which is about IPv6.</summary>
public sealed class Rfc5118Tests
{
    public static TheoryData<string> AcceptedNames => [.. TortureCorpus.Names("rfc5118").Where(name => name != "ipv6-bad")];

    [Theory]
    [MemberData(nameof(AcceptedNames))]
    public void Parser_AcceptableMessage_IsReadAndWrittenBack(string name)
    {
        var result = TortureCorpus.Parse(TortureCorpus.Read("rfc5118", name), out var message, out var error);

        Assert.Equal((SipParseResult.Message, ""), (result, error.Reason));
        Rfc4475Tests.AssertReadable(message!);
        Rfc4475Tests.AssertRoundTrips(message!);
    }

    [Fact]
    public void Ipv6Bad_AddressWithoutBrackets_Is400()
    {
        var result = TortureCorpus.Parse(TortureCorpus.Read("rfc5118", "ipv6-bad"), out _, out var error);

        Assert.Equal((SipParseResult.Rejected, 400, "Malformed Request-URI"), (result, error.StatusCode, error.Reason));
    }

    [Fact]
    public void Ipv6Good_Reference_IsTheAddress() =>
        Assert.Equal((IPAddress.Parse("2001:db8::10"), (int?)null), Target("ipv6-good"));

    [Fact]
    public void PortAmbiguous_DigitsInsideTheBrackets_AreAddress() =>
        Assert.Equal((IPAddress.Parse("2001:db8::10:5070"), (int?)null), Target("port-ambiguous"));

    [Fact]
    public void PortUnambiguous_DigitsBehindTheBrackets_ArePort() =>
        Assert.Equal((IPAddress.Parse("2001:db8::10"), 5070), Target("port-unambiguous"));

    [Theory]
    [InlineData("via-received-param-with-delim")]
    [InlineData("via-received-param-no-delim")]
    public void ViaReceived_WithOrWithoutBrackets_IsTheAddress(string name)
    {
        var via = Request(name).TopVia;

        Assert.Equal(IPAddress.Parse("2001:db8::9:255"), via.ReceivedAddress);
        Assert.Equal(IPAddress.Parse("2001:db8::9:1"), via.HostAddress);
    }

    [Fact]
    public void MultIpInHeader_BothFamilies_AreRead()
    {
        var vias = Request("mult-ip-in-header").Vias;

        Assert.Equal(["2001:db8::9:1", "192.0.2.1", "2001:db8::9:255"], vias.Select(via => via.HostAddress!.ToString()));
        Assert.Equal(6050, vias[0].Port);
        Assert.Equal("192.0.2.200", vias[2].Received);
    }

    [Fact]
    public void Ipv4Mapped_InViaAndContact_IsRead()
    {
        var invite = Request("ipv4-mapped-ipv6");

        Assert.Equal(IPAddress.Parse("::ffff:192.0.2.10"), invite.TopVia.HostAddress);
        Assert.Equal(19823, invite.TopVia.Port);
        Assert.Equal(IPAddress.Parse("::ffff:192.0.2.2"), invite.Contact!.Uri.HostAddress);
    }

    // Section 4.10: "an implementation must tolerate both".
    [Theory]
    [InlineData("ipv6-bug-abnf-3-colons")]
    [InlineData("ipv6-correct-abnf-2-colons")]
    public void EmbeddedIpv4_TwoOrThreeColons_IsTheSameAddress(string name) =>
        Assert.Equal(IPAddress.Parse("2001:db8::192.0.2.1"), Request(name).RequestUri.HostAddress);

    [Fact]
    public void Ipv6InSdp_Addresses_AreRead()
    {
        Assert.True(SessionDescription.TryParse(Request("ipv6-in-sdp").Body.Span, out var sdp, out _));
        Assert.Equal(IPAddress.Parse("2001:db8::20"), sdp!.ConnectionOf(sdp.Media[0])!.Address);
        Assert.Equal("971731711378798081", sdp.Origin.SessionId);
    }

    [Fact]
    public void MultIpInSdp_EachStream_HasItsOwnFamily()
    {
        Assert.True(SessionDescription.TryParse(Request("mult-ip-in-sdp").Body.Span, out var sdp, out _));
        Assert.Equal("host.example.com", sdp!.Origin.Address);
        Assert.Equal(["192.0.2.1", "2001:db8::1"], sdp.Media.Select(media => sdp.ConnectionOf(media)!.Address!.ToString()));
    }

    [Fact]
    public void Ipv4MappedInSdp_Address_ComesAsIpv4()
    {
        Assert.True(SessionDescription.TryParse(Request("ipv4-mapped-ipv6").Body.Span, out var sdp, out _));
        Assert.Equal(IPAddress.Parse("192.0.2.2"), sdp!.Connection!.Address);
    }

    private static SipRequest Request(string name)
    {
        TortureCorpus.Parse(TortureCorpus.Read("rfc5118", name), out var message, out _);
        return Assert.IsType<SipRequest>(message);
    }

    private static (IPAddress?, int?) Target(string name) => (Request(name).RequestUri.HostAddress, Request(name).RequestUri.Port);
}
