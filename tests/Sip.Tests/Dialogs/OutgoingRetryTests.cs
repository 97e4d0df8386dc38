namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>Refusals that say what would do instead (RFC 3261 sections 8.1.3.4 and 8.1.3.5, RFC 4028 section 7.3).</summary>
public class OutgoingRetryTests
{
    [Fact]
    public async Task Redirect_IsTheOutcome_UnlessWanted()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        fixture.Send(Redirect(fixture.SingleRequest("INVITE"), "<sip:c@192.0.2.93>;q=0.2", "<sip:a@192.0.2.91>", "<sip:b@192.0.2.92>;q=0.5"));
        var result = await calling;
        Assert.Equal(302, result.StatusCode);
        Assert.Equal(["a", "b", "c"], result.Contacts.Select(contact => contact.Uri.User));
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Redirect_IsFollowed_OneContactAfterTheOther()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { MostRedirects = 5 });
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 180));
        fixture.Send(Redirect(invite, "<sip:b@192.0.2.92;method=BYE?Subject=x>;q=0.5", "<sip:a@192.0.2.91>"));
        Assert.Equal("ACK", fixture.Heard());
        var first = fixture.SingleRequestAt("192.0.2.91", "INVITE");
        Assert.Equal("sip:a@192.0.2.91", first.RequestUri.ToString());
        Assert.Equal(invite.To.ToString(), first.To.ToString());
        Assert.Equal(invite.From.ToString(), first.From.ToString());
        Assert.Equal(invite.CallId, first.CallId);
        Assert.Equal(2u, first.CSeq.Number);
        fixture.Send(StackFixture.Response(first, 486));
        var second = fixture.SingleRequestAt("192.0.2.92", "INVITE");
        Assert.Equal("sip:b@192.0.2.92", second.RequestUri.ToString());
        Assert.Equal(3u, second.CSeq.Number);
        fixture.Send(StackFixture.Response(second, 200, sdp: StackFixture.Sdp(), contact: "<sip:b@192.0.2.92>"));
        var call = (await calling).Call!;
        Assert.Equal("192.0.2.92", call.PeerEndPoint.Address.ToString());
        Assert.Equal(3u, fixture.SingleRequestAt("192.0.2.92", "ACK").CSeq.Number);
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Redirect_ToWhereWeWere_Ends()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { MostRedirects = 5 });
        fixture.Send(Redirect(fixture.SingleRequest("INVITE"), "<sip:a@192.0.2.91>"));
        fixture.Send(Redirect(fixture.SingleRequestAt("192.0.2.91", "INVITE"), "<sip:bob@192.0.2.2>", "<sip:a@192.0.2.91;x=y>", "<tel:+15550100>"));
        Assert.Equal(302, (await calling).StatusCode);
        Assert.Equal("ACK", fixture.Heard(fixture.At("192.0.2.91")));
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Redirect_BeyondTheLimit_IsTheOutcome()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { MostRedirects = 1 });
        fixture.Send(Redirect(fixture.SingleRequest("INVITE"), "<sip:a@192.0.2.91>"));
        fixture.Send(Redirect(fixture.SingleRequestAt("192.0.2.91", "INVITE"), "<sip:b@192.0.2.92>"));
        var result = await calling;
        Assert.Equal(302, result.StatusCode);
        Assert.Equal("b", Assert.Single(result.Contacts).Uri.User);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Redirect_ElsewhereGetsCredentialsOnlyForTheirRealm(bool hasRealm)
    {
        await using var fixture = new StackFixture();
        var credentials = new SipCredentials("gw", "secret") { Realm = hasRealm ? "test" : null };
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { MostRedirects = 1, Credentials = credentials });
        fixture.Send(Redirect(fixture.SingleRequest("INVITE"), "<sip:a@192.0.2.91>"));
        fixture.Send(OutgoingChallengeTests.Challenge(fixture.SingleRequestAt("192.0.2.91", "INVITE"), 401, "n1"));
        Assert.Equal(hasRealm ? "ACK INVITE" : "ACK", fixture.Heard(fixture.At("192.0.2.91")));
        if (!hasRealm)
            Assert.Equal(401, (await calling).StatusCode);
    }

    [Fact]
    public async Task SessionInterval_TooSmall_IsRaised()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(TooSmall(invite, "3600"));
        var again = (SipRequest)fixture.Received()[1];
        Assert.Equal(2u, again.CSeq.Number);
        Assert.Equal("3600", again.Headers.Get("Session-Expires"));
        Assert.Equal("3600", again.Headers.Get("Min-SE"));
        Assert.Equal(invite.Body.ToArray(), again.Body.ToArray());
        fixture.Send(TooSmall(again, "7200")); // the next proxy
        again = (SipRequest)fixture.Received()[1];
        Assert.Equal("7200", again.Headers.Get("Session-Expires"));
        fixture.Send(TooSmall(again, "7200"));
        Assert.Equal(422, (await calling).StatusCode);
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Extension_ThatIsNotKnown_IsDropped()
    {
        await using var fixture = new StackFixture(configure: options => options with { ReliableProvisionals = SipReliableProvisionals.Required });
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        Assert.Equal("100rel", invite.Headers.Get("Require"));
        fixture.Send(Refusal(invite, 420, "Unsupported", "100rel"));
        var again = (SipRequest)fixture.Received()[1];
        Assert.Null(again.Headers.Get("Require"));
        Assert.False(again.Headers.ListContains("Supported", "100rel"));
        Assert.True(again.Headers.ListContains("Supported", "replaces"));
        fixture.Send(Refusal(again, 420, "Unsupported", "100rel"));
        Assert.Equal(420, (await calling).StatusCode);
    }

    [Fact]
    public async Task Extension_ThatIsRequired_IsOfferedWhereWeHaveIt()
    {
        await using var fixture = new StackFixture(configure: options => options with { ReliableProvisionals = SipReliableProvisionals.Off });
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        Assert.False(invite.Headers.ListContains("Supported", "100rel"));
        fixture.Send(Refusal(invite, 421, "Require", "100rel"));
        var again = (SipRequest)fixture.Received()[1];
        Assert.True(again.Headers.ListContains("Supported", "100rel"));
        fixture.Send(Refusal(again, 421, "Require", "precondition"));
        Assert.Equal(421, (await calling).StatusCode);
    }

    private static SipResponse Redirect(SipRequest invite, params string[] contacts)
    {
        var response = invite.CreateResponse(302, toTag: "redirector");
        foreach (var contact in contacts)
            response.Headers.Add("Contact", contact);
        return response;
    }

    private static SipResponse TooSmall(SipRequest invite, string minimum) => Refusal(invite, 422, "Min-SE", minimum);

    private static SipResponse Refusal(SipRequest invite, int status, string header, string value)
    {
        var response = invite.CreateResponse(status, toTag: "refuser");
        response.Headers.Set(header, value);
        return response;
    }
}
