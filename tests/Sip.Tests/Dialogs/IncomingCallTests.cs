namespace VoiceGateway.Sip.Tests.Dialogs;

public class IncomingCallTests
{
    [Fact]
    public async Task Invite_RungAndAnswered_IsEstablishedByItsAck()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: "Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>"));
        var call = fixture.Call;
        Assert.Equal(SipCallState.Proceeding, call.State);
        Assert.Equal("100", fixture.Heard());
        Assert.Equal("192.0.2.1", call.LocalAddress.ToString());
        Assert.Equal("192.0.2.2:5060", call.PeerEndPoint.ToString());
        Assert.Equal("alice", call.RemoteUri.User);
        Assert.Equal("bob", call.LocalUri.User);

        call.Ring();
        Assert.Equal(SipCallState.Ringing, call.State);
        var ringing = fixture.SingleResponse();
        Assert.Equal(180, ringing.StatusCode);
        Assert.Equal(2, ringing.RecordRoutes.Count);

        var answering = call.AnswerAsync(fixture.Negotiator);
        var ok = fixture.SingleResponse();
        Assert.Equal(200, ok.StatusCode);
        Assert.Equal("application/sdp", ok.ContentType);
        Assert.Equal("<sip:bob@192.0.2.1:5060>", ok.Contact!.ToString());
        Assert.Equal(2, ok.RecordRoutes.Count);
        Assert.NotNull(ok.Headers.Get("Allow"));
        Assert.Equal(ringing.To.Tag, ok.To.Tag);
        Assert.Equal(SipCallState.Answered, call.State);
        Assert.False(answering.IsCompleted);

        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: ok.To.Tag!));
        Assert.True(await answering);
        Assert.Equal(SipCallState.Established, call.State);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Ok_WithoutAck_IsRepeatedAndThenEndedByBye()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Received();
        List<int> repeats = [];
        for (int at = 100; at <= 31_900; at += 100)
        {
            fixture.Time.Advance(100);
            if (fixture.Heard() == "200")
                repeats.Add(at);
        }

        Assert.Equal([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500], repeats);
        Assert.False(answering.IsCompleted);
        fixture.Time.Advance(100);
        Assert.False(await answering);
        var bye = fixture.SingleRequest("BYE");
        Assert.Equal("peer", bye.To.Tag);
        Assert.Equal(SipCallState.Ending, fixture.Call.State);
        fixture.Send(StackFixture.Response(bye, 200));
        Assert.Equal(SipCallEndCause.NoAck, (await fixture.Call.Completion).Cause);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.CallsWithoutAck]);

        // The ACK comes after all: never answered, counted.
        fixture.Send(StackFixture.Request("ACK", branch: "late", toTag: fixture.Call.LocalTag));
        Assert.Empty(fixture.Received());
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.AcksUnmatched]);
    }

    [Fact]
    public async Task Ok_OverTcp_IsRepeatedToo()
    {
        await using var fixture = new StackFixture(SipTransportKind.Tcp);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), transport: "TCP"));
        _ = fixture.Call.AnswerAsync(fixture.Negotiator);
        var ok = (SipResponse)fixture.Received()[^1];
        Assert.Equal("<sip:bob@192.0.2.1:5060;transport=tcp>", ok.Contact!.ToString());
        fixture.Time.Advance(500);
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Invite_RepeatedAfterOk_IsAbsorbed()
    {
        await using var fixture = new StackFixture();
        var invite = StackFixture.Request("INVITE", body: StackFixture.Sdp());
        fixture.Send(invite);
        _ = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Received();
        fixture.Send(invite);
        Assert.Empty(fixture.Received());
        Assert.Single(fixture.Handler.Calls);
    }

    [Fact]
    public async Task Ack_OnTheInvitesBranch_IsTakenToo()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("ACK", toTag: fixture.Call.LocalTag));
        Assert.True(await answering);
    }

    [Fact]
    public async Task Negotiator_FindsNothing_Is488()
    {
        await using var fixture = new StackFixture();
        fixture.Negotiator.Refuses = true;
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        Assert.False(await fixture.Call.AnswerAsync(fixture.Negotiator));
        Assert.Equal("100 488", fixture.Heard());
        Assert.Equal(new SipCallEnd(SipCallEndCause.NegotiationFailed, 488), await fixture.Call.Completion);
        fixture.Send(StackFixture.Request("ACK", toTag: fixture.Call.LocalTag));
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task LateOffer_AnswerInAck_Establishes()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE"));
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        var ok = (SipResponse)fixture.Received()[^1];
        Assert.Contains("m=audio", System.Text.Encoding.UTF8.GetString(ok.Body.Span));
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: ok.To.Tag!, body: StackFixture.Sdp()));
        Assert.True(await answering);
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);
    }

    [Theory]
    [InlineData(false)] // no answer in the ACK
    [InlineData(true)] // one that cannot be used
    public async Task LateOffer_NoUsableAnswer_EndsByBye(bool withSdp)
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE"));
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Received();
        fixture.Negotiator.Refuses = true;
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag, body: withSdp ? StackFixture.Sdp() : ""));
        Assert.False(await answering);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("BYE"), 200));
        Assert.Equal(SipCallEndCause.NegotiationFailed, (await fixture.Call.Completion).Cause);
    }

    [Fact]
    public async Task EarlyMedia_Is183WithSdp()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Received();
        fixture.Call.Ring(TestNegotiator.Sdp());
        var response = fixture.SingleResponse();
        Assert.Equal(183, response.StatusCode);
        Assert.Equal("application/sdp", response.ContentType);
    }

    [Fact]
    public async Task Ringing_IsRepeatedEveryMinute()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Call.Ring();
        fixture.Received();
        fixture.Time.Advance(180_000);
        Assert.Equal("180 180 180", fixture.Heard());
        fixture.Call.Reject(486);
        fixture.Received();
        fixture.Send(StackFixture.Request("ACK", toTag: fixture.Call.LocalTag));
        fixture.Time.Advance(180_000);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Reject_SendsStatusAndHeaders()
    {
        await using var fixture = new StackFixture();
        fixture.Handler.Invited = call => call.Reject(486, "Very Busy", ("Retry-After", "30"), ("Reason", "SIP;cause=486"));
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var response = (SipResponse)fixture.Received()[^1];
        Assert.Equal("Very Busy", response.ReasonPhrase);
        Assert.Equal("30", response.Headers.Get("Retry-After"));
        Assert.Equal(new SipCallEnd(SipCallEndCause.Rejected, 486, "SIP;cause=486"), await fixture.Call.Completion);
        Assert.False(await fixture.Call.AnswerAsync(fixture.Negotiator));
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
    }

    [Fact]
    public void Reject_WithBadArguments_Throws()
    {
        var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Call.Reject(200));
        Assert.Throws<ArgumentException>(() => fixture.Call.Reject(486, null, ("X", "a\r\nInjected: b")));
        Assert.Throws<ArgumentException>(() => { _ = fixture.Call.HangUpAsync("a\r\nb"); });
    }

    [Fact]
    public async Task Cancel_WhileRinging_Is200And487()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Call.Ring();
        fixture.Received();
        fixture.Send(StackFixture.Request("CANCEL", headers: "Reason: SIP;cause=200;text=\"elsewhere\""));
        var responses = fixture.Received();
        Assert.Equal(["CANCEL 200", "INVITE 487"], responses.Select(r => $"{r.CSeq.Method} {((SipResponse)r).StatusCode}"));
        Assert.Equal(responses[0].To.Tag, responses[1].To.Tag);
        Assert.Equal(new SipCallEnd(SipCallEndCause.Cancelled, 487, "SIP;cause=200;text=\"elsewhere\""), await fixture.Call.Completion);

        fixture.Send(StackFixture.Request("ACK", toTag: fixture.Call.LocalTag));
        fixture.Time.Advance(10_000);
        Assert.Empty(fixture.Received());
        Assert.False(await fixture.Call.AnswerAsync(fixture.Negotiator));
    }

    [Fact]
    public async Task Expires_BeforeTheAnswer_Is487()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: "Expires: 30"));
        fixture.Call.Ring();
        fixture.Received();
        fixture.Time.Advance(29_999);
        Assert.Empty(fixture.Received());
        fixture.Time.Advance(1);
        Assert.Equal("487", fixture.Heard());
        Assert.Equal(SipCallEndCause.Cancelled, (await fixture.Call.Completion).Cause);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("0")]
    [InlineData("never")]
    public async Task Expires_AfterTheAnswer_CountsForNothing(string value)
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: $"Expires: {value}"));
        _ = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag));
        fixture.Time.Advance(60_000);
        Assert.Equal(SipCallState.Established, fixture.Call.State);
    }

    [Fact]
    public async Task Cancel_After200_HasNoEffect()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Received();
        fixture.Send(StackFixture.Request("CANCEL"));
        Assert.Equal("200", fixture.Heard());
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag));
        Assert.True(await answering);
        Assert.Equal(SipCallState.Established, fixture.Call.State);
    }

    [Fact]
    public async Task Cancel_Rfc2543Style_FindsItsInvite()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()).Replace("z9hG4bK", "old", StringComparison.Ordinal));
        fixture.Received();
        fixture.Send(StackFixture.Request("CANCEL").Replace("z9hG4bK", "old", StringComparison.Ordinal));
        Assert.Equal("200 487", fixture.Heard());
        fixture.Send(StackFixture.Request("ACK", toTag: fixture.Call.LocalTag).Replace("z9hG4bK", "old", StringComparison.Ordinal));
        fixture.Time.Advance(4000);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Bye_WithMaxForwardsUsedUp_EndsTheCall()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag, maxForwards: "0"));
        Assert.Equal("200", fixture.Heard());
        Assert.Equal(SipCallEndCause.RemoteBye, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Bye_OfTheCaller_EndsTheCallWithItsReason()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag, headers: "Reason: Q.850;cause=16"));
        Assert.Equal("200", fixture.Heard());
        Assert.Equal(new SipCallEnd(SipCallEndCause.RemoteBye, null, "Q.850;cause=16"), await call.Completion);
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag, headers: "Reason: Q.850;cause=16"));
        Assert.Equal("200", fixture.Heard()); // the repeat: its transaction answers
        fixture.Send(StackFixture.Request("BYE", cseq: 3, toTag: call.LocalTag));
        Assert.Equal("481", fixture.Heard());
    }

    [Fact]
    public async Task Bye_BeforeAck_EndsTheCall()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Received();
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: fixture.Call.LocalTag));
        Assert.Equal("200", fixture.Heard());
        Assert.False(await answering);
        Assert.Equal(SipCallEndCause.RemoteBye, (await fixture.Call.Completion).Cause);
        fixture.Time.Advance(40_000);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Bye_InTheEarlyDialog_CancelsTheInvite()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Call.Ring();
        fixture.Received();
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: fixture.Call.LocalTag));
        Assert.Equal("200 487", fixture.Heard());
        Assert.Equal(SipCallEndCause.Cancelled, (await fixture.Call.Completion).Cause);
    }

    [Fact]
    public async Task HangUp_Established_SendsByeAlongTheRoute()
    {
        await using var fixture = new StackFixture();
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: "Record-Route: <sip:192.0.2.50;lr>\nRecord-Route: <sip:192.0.2.51;lr>"));
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag));
        fixture.Received();
        var hangingUp = fixture.Call.HangUpAsync("SIP;cause=200;text=\"done\"");
        var proxy = fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("192.0.2.50"), 5060));
        var bye = (SipRequest)Assert.Single(fixture.Received(proxy));
        Assert.Equal("sip:alice@192.0.2.2:5060", bye.RequestUri.ToString());
        Assert.Equal(["<sip:192.0.2.50;lr>", "<sip:192.0.2.51;lr>"], bye.Routes.Select(r => r.ToString()));
        Assert.Equal("SIP;cause=200;text=\"done\"", bye.Headers.Get("Reason"));
        Assert.Equal(fixture.Call.LocalTag, bye.From.Tag);
        Assert.False(hangingUp.IsCompleted);
        fixture.Send(StackFixture.Response(bye, 200));
        await hangingUp;
        Assert.Equal(SipCallEndCause.LocalBye, (await fixture.Call.Completion).Cause);
    }

    [Fact]
    public async Task HangUp_StrictRoute_RewritesTheRequestUri()
    {
        await using var fixture = new StackFixture();
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: "Record-Route: <sip:192.0.2.50>\nRecord-Route: <sip:192.0.2.51;lr>"));
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag));
        _ = fixture.Call.HangUpAsync();
        var bye = (SipRequest)Assert.Single(fixture.Received(fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("192.0.2.50"), 5060))));
        Assert.Equal("sip:192.0.2.50", bye.RequestUri.ToString());
        Assert.Equal(["<sip:192.0.2.51;lr>", "<sip:alice@192.0.2.2:5060>"], bye.Routes.Select(r => r.ToString()));
    }

    [Fact]
    public async Task HangUp_UnansweredBye_EndsAtTimerF()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var hangingUp = call.HangUpAsync();
        fixture.Time.Advance(31_999);
        Assert.False(hangingUp.IsCompleted);
        fixture.Time.Advance(1);
        await hangingUp;
        Assert.Equal(SipCallEndCause.LocalBye, (await call.Completion).Cause);
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
    }

    [Fact]
    public async Task HangUp_BeforeAck_WaitsForTheAck()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Received();
        _ = fixture.Call.HangUpAsync("SIP;cause=200");
        Assert.Empty(fixture.Received()); // RFC 3261 section 15: no BYE before the ACK
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag));
        var bye = fixture.SingleRequest("BYE");
        Assert.Equal("SIP;cause=200", bye.Headers.Get("Reason"));
        Assert.False(await answering);
        fixture.Send(StackFixture.Response(bye, 200));
        Assert.Equal(SipCallEndCause.LocalBye, (await fixture.Call.Completion).Cause);
    }

    [Fact]
    public async Task HangUp_WhileRinging_Is480()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        await fixture.Call.HangUpAsync();
        Assert.Equal("100 480", fixture.Heard());
    }

    [Fact]
    public async Task HangUp_CrossingByes_BothAreAnswered()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        _ = call.HangUpAsync();
        fixture.SingleRequest("BYE");
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag));
        Assert.Equal("200", fixture.Heard());
        Assert.Equal(SipCallEndCause.LocalBye, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Request_WithLowerSequence_Is500()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("OPTIONS", cseq: 7, toTag: call.LocalTag));
        Assert.Equal("200", fixture.Heard());
        fixture.Send(StackFixture.Request("BYE", cseq: 6, toTag: call.LocalTag));
        Assert.Equal("500", fixture.Heard());
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.OutOfOrderRequests]);
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Request_WithAnotherFromTag_IsOfNoDialog()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag).Replace("tag=peer", "tag=intruder", StringComparison.Ordinal));
        Assert.Equal("481", fixture.Heard());
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Request_OfTheHandlersMethods_IsAnsweredByIt()
    {
        await using var fixture = new StackFixture(additionalMethods: ["INFO"]);
        var call = fixture.Establish();
        fixture.Handler.Requested = info => new SipReply(202, "Taken", ("X-Body", info.ContentType!));
        fixture.Send(StackFixture.Request("INFO", cseq: 2, toTag: call.LocalTag, body: "Signal=5", contentType: "application/dtmf-relay"));
        var response = fixture.SingleResponse();
        Assert.Equal((202, "Taken"), (response.StatusCode, response.ReasonPhrase));
        Assert.Equal("application/dtmf-relay", response.Headers.Get("X-Body"));
        fixture.Send(StackFixture.Request("REFER", cseq: 3, toTag: call.LocalTag, headers: "Refer-To: <sip:carol@192.0.2.3>"));
        response = fixture.SingleResponse();
        Assert.Equal(405, response.StatusCode);
        Assert.Equal("INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, UPDATE, INFO, PRACK", response.Headers.Get("Allow"));
    }

    [Fact]
    public async Task Peer_BehindNat_GetsByeWhereItSentFrom()
    {
        await using var fixture = new StackFixture();
        var natted = fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("198.51.100.7"), 40_000));
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()), natted); // Via and Contact say 192.0.2.2
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag), natted);
        Assert.Equal("100 200", fixture.Heard(natted));
        _ = fixture.Call.HangUpAsync();
        Assert.Equal("BYE", fixture.Heard(natted));
    }

    [Fact]
    public async Task Handler_Throws_Is500AndCounted()
    {
        await using var fixture = new StackFixture();
        fixture.Handler.Invited = _ => throw new InvalidOperationException("handler");
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        Assert.Equal("100 500", fixture.Heard());
        Assert.Equal(SipCallEndCause.Faulted, (await fixture.Call.Completion).Cause);
        Assert.Single(fixture.Faults);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.Faults]);
        fixture.Handler.Invited = null;
        fixture.Send(StackFixture.Request("OPTIONS", cseq: 5));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Negotiator_Throws_Is500()
    {
        await using var fixture = new StackFixture();
        fixture.Negotiator.Throws = true;
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        Assert.False(await fixture.Call.AnswerAsync(fixture.Negotiator));
        Assert.Equal("100 500", fixture.Heard());
    }

    [Fact]
    public async Task Dispose_TellsEveryPeerOnceAndLeavesNothing()
    {
        var fixture = new StackFixture();
        var established = fixture.Establish("c1");
        fixture.Handler.Invited = null;
        fixture.Send(StackFixture.Request("INVITE", callId: "c2", body: StackFixture.Sdp()));
        var ringing = fixture.Call;
        ringing.Ring();
        fixture.Received();
        await fixture.DisposeAsync();
        Assert.Equal(["503", "BYE"], fixture.Received().Select(StackFixture.Name).Order());
        Assert.Equal(SipCallEndCause.EndpointClosed, (await established.Completion).Cause);
        Assert.Equal(SipCallEndCause.EndpointClosed, (await ringing.Completion).Cause);
        fixture.Time.Advance(60_000);
        Assert.Empty(fixture.Received());
    }
}
