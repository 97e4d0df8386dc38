namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3261 section 8.2: what is answered without a call.</summary>
public class UserAgentServerTests
{
    [Fact]
    public async Task Options_IsAnsweredWithCapabilities()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("OPTIONS"));
        var response = fixture.SingleResponse();
        Assert.Equal(200, response.StatusCode);
        Assert.Equal("INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, UPDATE, PRACK", response.Headers.Get("Allow"));
        Assert.Equal("application/sdp, multipart/mixed", response.Headers.Get("Accept"));
        Assert.Equal("test", response.Headers.Get("Server"));
        Assert.NotNull(response.To.Tag);
    }

    [Fact]
    public async Task Options_WhileDraining_Is503WithRetryAfter()
    {
        await using var fixture = new StackFixture();
        fixture.Endpoint.IsDraining = true;
        fixture.Send(StackFixture.Request("OPTIONS"));
        var response = fixture.SingleResponse();
        Assert.Equal(503, response.StatusCode);
        Assert.Equal("5", response.Headers.Get("Retry-After"));
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.DrainingRejected]);
    }

    [Fact]
    public async Task Invite_WhileDraining_Is503AndTheHandlerIsNotAsked()
    {
        await using var fixture = new StackFixture();
        fixture.Establish();
        fixture.Endpoint.IsDraining = true;
        fixture.Send(StackFixture.Request("INVITE", callId: "c2", body: StackFixture.Sdp()));
        Assert.Equal(503, fixture.SingleResponse().StatusCode);
        Assert.Single(fixture.Handler.Calls);
        Assert.Equal(SipCallState.Established, fixture.Call.State);
    }

    [Theory]
    [InlineData("REGISTER", 405)]
    [InlineData("MESSAGE", 405)]
    [InlineData("INFO", 405)]
    [InlineData("NEWMETHOD", 501)]
    [InlineData("invite", 501)] // methods are case-sensitive
    public async Task Method_NotServed_IsRefusedWithAllow(string method, int status)
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request(method));
        var response = fixture.SingleResponse();
        Assert.Equal(status, response.StatusCode);
        Assert.Contains("INVITE", response.Headers.Get("Allow"));
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("BYE", "unknown")]
    [InlineData("INVITE", "unknown")]
    [InlineData("OPTIONS", "unknown")]
    public async Task Request_OfNoDialog_Is481(string method, string toTag = "")
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request(method, toTag: toTag));
        Assert.Equal(481, fixture.SingleResponse().StatusCode);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.RequestsWithoutDialog]);
    }

    [Fact]
    public async Task Ack_OfNothing_IsNeverAnswered()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("ACK"));
        fixture.Send(StackFixture.Request("ACK", toTag: "x", cseq: 2));
        Assert.Empty(fixture.Received());
        Assert.Equal(2, fixture.Endpoint.Counters[SipCounter.AcksUnmatched]);
    }

    [Fact]
    public async Task Cancel_OfNothing_Is481()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("CANCEL"));
        Assert.Equal(481, fixture.SingleResponse().StatusCode);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.CancelsUnmatched]);
    }

    [Fact]
    public async Task Request_Repeated_GetsTheSameAnswerFromTheTransaction()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("OPTIONS"));
        fixture.Send(StackFixture.Request("OPTIONS"));
        var responses = fixture.Received();
        Assert.Equal(2, responses.Count);
        Assert.Equal(responses[0].To.Tag, responses[1].To.Tag);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.RequestRetransmissionsAbsorbed]);
    }

    [Fact]
    public async Task Request_MergedOnAnotherBranch_Is482()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        Assert.Equal("100", fixture.Heard());
        fixture.Send(StackFixture.Request("INVITE", branch: "otherpath", body: StackFixture.Sdp()));
        Assert.Equal("482", fixture.Heard());
        Assert.Single(fixture.Handler.Calls);
    }

    [Fact]
    public async Task MaxForwards_Zero_Is483UnlessTakenAsAnEndpoint()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("OPTIONS", maxForwards: "0"));
        Assert.Equal(483, fixture.SingleResponse().StatusCode);

        await using var endpoint = new StackFixture(configure: options => options with { RejectZeroMaxForwards = false });
        endpoint.Send(StackFixture.Request("OPTIONS", maxForwards: "0"));
        Assert.Equal(200, endpoint.SingleResponse().StatusCode);
    }

    [Fact]
    public async Task Require_Unknown_Is420WithUnsupported()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: "Require: timer, teleport\nRequire: precondition"));
        var response = fixture.SingleResponse();
        Assert.Equal(420, response.StatusCode);
        Assert.Equal("teleport, precondition", response.Headers.Get("Unsupported"));
    }

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("urn:service:sos")]
    public async Task RequestUri_OtherScheme_Is416(string uri)
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("OPTIONS", uri: uri));
        Assert.Equal(416, fixture.SingleResponse().StatusCode);
    }

    [Fact]
    public async Task RequestUri_Tel_IsTaken()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", uri: "tel:+15550100", body: StackFixture.Sdp()));
        Assert.Equal("100", fixture.Heard());
    }

    [Fact]
    public async Task Body_NotSdp_Is415WithAccept()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: "<x/>", contentType: "application/xml"));
        var response = fixture.SingleResponse();
        Assert.Equal(415, response.StatusCode);
        Assert.Equal("application/sdp, multipart/mixed", response.Headers.Get("Accept"));
    }

    [Fact]
    public async Task Body_Compressed_Is415WithAcceptEncoding()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: "xx", headers: "Content-Encoding: gzip"));
        var response = fixture.SingleResponse();
        Assert.Equal(415, response.StatusCode);
        Assert.Equal("identity", response.Headers.Get("Accept-Encoding"));
    }

    [Fact]
    public async Task Body_OptionalAndUnknown_IsIgnored()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: "<x/>", contentType: "application/xml", headers: "Content-Disposition: render; handling = optional"));
        Assert.Equal("100", fixture.Heard());
    }

    [Fact]
    public async Task Body_MultipartWithSdp_IsRead()
    {
        await using var fixture = new StackFixture();
        var body = "preamble\r\n--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1\r\ncontent-type : application/sdp;x=y\r\n\r\n" + StackFixture.Sdp("sendonly") + "\r\n--b1--\r\n";
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: body, contentType: "multipart/mixed; boundary=\"b1\""));
        Assert.Equal("100 200", fixture.Heard());
        Assert.Equal(["answer SendOnly"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Body_BrokenSdp_Is400()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: "this is no session"));
        Assert.Equal(400, fixture.SingleResponse().StatusCode);
    }

    [Fact]
    public async Task Invite_WithoutContact_Is400()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()).Replace($"Contact: <sip:alice@{StackFixture.Peer}:5060>\r\n", "", StringComparison.Ordinal));
        Assert.Equal(400, fixture.SingleResponse().StatusCode);
    }

    [Fact]
    public async Task Invite_WithoutHandler_Is480()
    {
        await using var fixture = new StackFixture(hasHandler: false);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        Assert.Equal(480, fixture.SingleResponse().StatusCode);
    }

    [Fact]
    public async Task Version_Other_Is505()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("OPTIONS").Replace("SIP/2.0\r\nVia", "SIP/7.0\r\nVia", StringComparison.Ordinal));
        Assert.Equal(505, fixture.SingleResponse().StatusCode);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.MalformedRejected]);
    }

    [Fact]
    public async Task Garbage_IsCountedAndDropped()
    {
        await using var fixture = new StackFixture();
        fixture.Send("\0\u0001\u0002 nothing of this is SIP");
        fixture.Send("\r\n\r\n");
        Assert.Empty(fixture.Received());
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.MalformedDropped]);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.KeepAlivesReceived]);
    }

    [Fact]
    public async Task Calls_BeyondTheCap_Are503()
    {
        await using var fixture = new StackFixture(configure: options => options with { MaxCalls = 1 });
        fixture.Send(StackFixture.Request("INVITE", callId: "one", body: StackFixture.Sdp()));
        fixture.Received();
        fixture.Send(StackFixture.Request("INVITE", callId: "two", body: StackFixture.Sdp()));
        var response = fixture.SingleResponse();
        Assert.Equal(503, response.StatusCode);
        Assert.NotNull(response.Headers.Get("Retry-After"));
        Assert.Equal(1, fixture.Endpoint.ActiveCalls);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.OverloadRejected]);
    }

    [Fact]
    public async Task Transactions_BeyondTheCap_Are503WithoutState()
    {
        await using var fixture = new StackFixture(configure: options => options with { MaxTransactions = 2 });
        for (uint i = 1; i <= 4; i++)
            fixture.Send(StackFixture.Request("OPTIONS", cseq: i));
        Assert.Equal("200 200 503 503", fixture.Heard());
        Assert.Equal(2, fixture.Endpoint.ActiveTransactions);
        fixture.Time.Advance(32_000);
        fixture.Send(StackFixture.Request("OPTIONS", cseq: 9));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Via_WithoutRport_IsAnsweredToTheSentByPort()
    {
        await using var fixture = new StackFixture();
        var natted = fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("192.0.2.9"), 40_000));
        fixture.Send(StackFixture.Request("OPTIONS").Replace(";rport", "", StringComparison.Ordinal), natted);
        Assert.Empty(natted.Sent);
        var answered = fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("192.0.2.9"), 5060));
        var response = Assert.Single(fixture.Received(answered));
        Assert.Equal("192.0.2.9", response.TopVia.Received);
    }

    [Fact]
    public async Task Via_WithRport_IsAnsweredToTheSource()
    {
        await using var fixture = new StackFixture();
        var natted = fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("192.0.2.9"), 40_000));
        fixture.Send(StackFixture.Request("OPTIONS"), natted);
        var response = Assert.Single(fixture.Received(natted));
        Assert.Equal("192.0.2.9", response.TopVia.Received);
        Assert.Equal(40_000, response.TopVia.Rport);
    }

    /// <summary>A group is answered as section 18.2.2 says; any other maddr would be a way to have us write to a third party.</summary>
    [Theory]
    [InlineData("224.0.1.75", "224.0.1.75")]
    [InlineData("192.0.2.77", StackFixture.Peer)]
    [InlineData("240.0.0.1", StackFixture.Peer)]
    [InlineData("attacker.example.com", StackFixture.Peer)]
    public async Task Via_WithMaddr_IsAnsweredThereOnlyIfItIsAGroup(string maddr, string answered)
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("OPTIONS").Replace(";rport", $";maddr={maddr}", StringComparison.Ordinal));
        Assert.Equal("200", fixture.Heard(fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse(answered), 5060))));
        Assert.Empty(fixture.Transport.AllSent());
    }

    [Fact]
    public async Task Response_ToNothing_IsCountedAndDropped()
    {
        await using var fixture = new StackFixture();
        fixture.Send("SIP/2.0 200 OK\r\n" + StackFixture.Request("OPTIONS").Split("\r\n", 2)[1]);
        Assert.Empty(fixture.Received());
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.ResponsesUnmatched]);
    }
}
