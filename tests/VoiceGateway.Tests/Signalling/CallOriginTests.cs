using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Signalling;

/// <summary>Who calls, for whom it was meant, and what of it may be believed.</summary>
public sealed class CallOriginTests
{
    [Theory]
    [InlineData("sip:100@gw", "100")]
    [InlineData("sip:+49-30-123@gw", "+4930123")]
    [InlineData("sip:+4930123;isub=1@gw", "+4930123")]
    [InlineData("sip:030-123%20(4)@gw;user=phone", "0301234")]
    [InlineData("sip:7042;phone-context=example.com@gw;user=phone", "7042")]
    [InlineData("tel:+49-30-123", "+4930123")]
    [InlineData("tel:7042;phone-context=+4930", "7042")]
    [InlineData("sip:sales-desk@gw", "sales-desk")]
    [InlineData("sip:100-200@gw", "100-200")]
    [InlineData("sip:gw", "")]
    public void DialledNumber_IsOneSpelling(string uri, string expected) => Assert.Equal(expected, DialledNumber.Of(Uri(uri)));

    // RFC 3325 section 10.1, with the tel URI of its section 9.1 beside.
    [Fact]
    public void Read_AssertedByATrustedSide_CountsBeforeFrom()
    {
        var origin = Read(
            true, "From: \"Anonymous\" <sip:anonymous@anonymous.invalid>",
            "P-Asserted-Identity: \"Cullen Jennings\" <sip:fluffy@cisco.com>", "P-Asserted-Identity: tel:+14085264000");
        Assert.Equal(("+14085264000", "Cullen Jennings", "+14085264000"), (origin.Caller, origin.CallerName, origin.AssertedNumber));
        Assert.Contains("P-Asserted-Identity", origin.Headers.Keys);
    }

    [Fact]
    public void Read_AssertedByAnybody_IsAWish()
    {
        var origin = Read(false, "From: \"Bob\" <sip:200@x>", "P-Asserted-Identity: <tel:+14085264000>", "P-Preferred-Identity: <tel:+1999>");
        Assert.Equal(("200", "Bob", (string?)null), (origin.Caller, origin.CallerName, origin.AssertedNumber));
        Assert.Empty(origin.Headers);
    }

    [Fact]
    public void Read_PreferredIdentity_IsIgnoredEvenOfATrustedSide()
    {
        var origin = Read(true, "From: <sip:200@x>", "P-Preferred-Identity: <tel:+1999>");
        Assert.Equal(("200", (string?)null), (origin.Caller, origin.AssertedNumber));
    }

    // RFC 3325 section 9.3: the trusted side knows, and we are not to tell.
    [Theory]
    [InlineData("Privacy: id")]
    [InlineData("Privacy: header;id;critical")]
    [InlineData("Privacy: user")]
    public void Read_CallerWantsPrivacy_IsWithheldEverywhere(string privacy)
    {
        var origin = Read(true, "From: \"Bob\" <sip:200@x>", "P-Asserted-Identity: \"Cullen\" <tel:+14085264000>", privacy, "X-Queue: 1");
        Assert.Equal(("", (string?)null, (string?)null, true), (origin.Caller, origin.CallerName, origin.AssertedNumber, origin.IsPrivate));
        Assert.Equal(["X-Queue"], origin.Headers.Keys);
    }

    [Fact]
    public void Read_PrivacyNone_IsNone()
    {
        var origin = Read(true, "From: <sip:200@x>", "Privacy: none;critical");
        Assert.Equal(("200", false), (origin.Caller, origin.IsPrivate));
    }

    [Theory]
    [InlineData("\"Alice\" <sip:+4930123@pbx>;party=calling;screen=yes;privacy=off", "+4930123", "Alice")]
    [InlineData("<sip:+4930123@pbx>;screen=yes", "+4930123", null)]
    [InlineData("<sip:+4930123@pbx>;party=called", "200", null)]
    [InlineData("<sip:+4930123@pbx>;privacy=full", "", null)]
    public void Read_RemotePartyId_IsTheFallback(string value, string caller, string? name)
    {
        var origin = Read(true, "From: <sip:200@x>", $"Remote-Party-ID: {value}");
        Assert.Equal((caller, name), (origin.Caller, origin.CallerName));
        Assert.Equal("+1", Read(true, "From: <sip:200@x>", $"Remote-Party-ID: {value}", "P-Asserted-Identity: <tel:+1>").AssertedNumber);
    }

    // RFC 5806 section 4: the topmost is the newest.
    [Theory]
    [InlineData("<sip:+4930200@gw>;reason=user-busy;counter=1", "+4930200", "user-busy")]
    [InlineData("\"Desk\" <tel:+4930200>;reason=\"No-Answer\";privacy=off", "+4930200", "no-answer")]
    [InlineData("<sip:+4930200@gw>;privacy=full;reason=unconditional", null, "unconditional")]
    [InlineData("<sip:300@gw>;reason=deflection, <sip:200@gw>;reason=unconditional", "300", "deflection")]
    public void Read_Diversion_SaysWhoWasDialled(string diversion, string? from, string? because)
    {
        var origin = Read(false, "From: <sip:1@x>", $"Diversion: {diversion}", "History-Info: <sip:9@x>;index=1, <sip:8@x>;index=1.1");
        Assert.Equal((from, because), (origin.DivertedFrom, origin.DivertedBecause));
    }

    // RFC 7044 section 9 and RFC 4458 section 2.
    [Theory]
    [InlineData("<sip:bob@example.com?Reason=SIP%3Bcause%3D486>;index=1,<sip:office@example.com>;index=1.1;mp=1", "bob", "user-busy")]
    [InlineData("<sip:+4930200@gw>;index=1, <sip:100@gw;cause=408>;index=1.1;mp=1", "+4930200", "no-answer")]
    [InlineData("<sip:+4930200@gw?Privacy=history>;index=1, <sip:100@gw;cause=302>;index=1.1", null, "unconditional")]
    [InlineData("<sip:100@gw>;index=1, <sip:100@192.0.2.1>;index=1.1;rc=1", null, null)]
    [InlineData("<sip:100@gw>;index=1", null, null)]
    public void Read_HistoryInfo_SaysWhoWasDialled(string history, string? from, string? because)
    {
        var origin = Read(false, "From: <sip:1@x>", $"History-Info: {history}");
        Assert.Equal((from, because), (origin.DivertedFrom, origin.DivertedBecause));
    }

    [Fact]
    public void Read_Headers_AreThoseThatSaySomethingOfTheCall()
    {
        var origin = Read(
            false, "From: <sip:1@x>", "X-Queue: sales", "x-queue: second", "User-to-User: 56a390f3d2b7310023a2;encoding=hex", "Reason: SIP;cause=302",
            "Subject: Lunch", "User-Agent: phone", "Authorization: Digest username=\"a\"", "Contact: <sip:1@x>");
        Assert.Equal(["Reason", "Subject", "User-to-User", "X-Queue"], origin.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("sales, second", origin.Headers["x-QUEUE"]);
    }

    // Tools and routes get these headers: what is withheld must not come by that way.
    [Theory]
    [InlineData("Diversion", "<sip:+4930200@gw>;privacy=full, <sip:+4930201@gw>;reason=user-busy", "<sip:+4930201@gw>;reason=user-busy")]
    [InlineData("Diversion", "<sip:+4930200@gw>;privacy=\"uri\"", null)]
    [InlineData("Diversion", "<sip:+4930200@gw>;privacy=off", "<sip:+4930200@gw>;privacy=off")]
    [InlineData("History-Info", "<sip:+4930200@gw?Privacy=history>;index=1, <sip:100@gw;cause=302>;index=1.1", "<sip:100@gw;cause=302>;index=1.1")]
    [InlineData("History-Info", "<sip:+4930200@gw?Privacy=none>;index=1", "<sip:+4930200@gw?Privacy=none>;index=1")]
    public void Read_WithheldDiversion_IsInNoHeader(string header, string value, string? shown) =>
        Assert.Equal(shown, Read(true, "From: <sip:1@x>", $"{header}: {value}").Headers.GetValueOrDefault(header));

    // RFC 7044 section 10.1.2: the whole history is private.
    [Fact]
    public void Read_PrivateHistory_IsWithheldEverywhere()
    {
        var origin = Read(true, "From: <sip:1@x>", "Privacy: history", "History-Info: <sip:+4930200@gw>;index=1, <sip:100@gw;cause=408>;index=1.1");
        Assert.Equal((null, "no-answer", "1"), (origin.DivertedFrom, origin.DivertedBecause, origin.Caller));
        Assert.DoesNotContain("History-Info", origin.Headers.Keys);
    }

    [Fact]
    public void Read_HeadersWithoutEnd_AreBounded()
    {
        var many = Read(false, ["From: <sip:1@x>", .. Enumerable.Range(0, 100).Select(static i => $"X-{i}: v")]);
        Assert.Equal(32, many.Headers.Count);
        var large = Read(false, ["From: <sip:1@x>", "X-Long: " + new string('v', 513), .. Enumerable.Range(0, 20).Select(static i => $"X-{i}: {new string('v', 500)}")]);
        Assert.DoesNotContain("X-Long", large.Headers.Keys);
        Assert.InRange(large.Headers.Sum(static h => h.Key.Length + h.Value.Length), 3000, 4096);
        var repeated = Read(false, ["From: <sip:1@x>", .. Enumerable.Repeat("X-A: " + new string('v', 100), 50)]);
        Assert.InRange(repeated.Headers["X-A"].Length, 400, 512);
    }

    [Fact]
    public void Read_TrunkThatIsNone_IsNotTrusted()
    {
        var origin = CallOrigin.Read(Invite("From: <sip:1@x>", "P-Asserted-Identity: <tel:+1>"), null);
        Assert.Equal(("1", "", (string?)null), (origin.Caller, origin.Trunk, origin.AssertedNumber));
    }

    private static CallOrigin Read(bool trusted, params string[] headers) => CallOrigin.Read(Invite(headers), "pbx", trusted);

    private static SipRequest Invite(params string[] headers)
    {
        var text = $"INVITE sip:100@gw SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nTo: <sip:100@gw>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n{string.Join("\r\n", headers)}\r\nContent-Length: 0\r\n\r\n";
        Assert.Equal(SipParseResult.Message, SipParser.TryParse(System.Text.Encoding.UTF8.GetBytes(text), SipLimits.Default with { MaxHeaders = 400 }, out var message, out _));
        return Assert.IsType<SipRequest>(message);
    }

    private static SipUri Uri(string text)
    {
        Assert.True(SipUri.TryParse(text, out var uri));
        return uri!;
    }
}
