namespace VoiceGateway.Sip.Tests.Dialogs;

public class ReInviteTests
{
    [Fact]
    public async Task Peer_HoldsAndResumes()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp("sendonly")));
        var held = fixture.SingleResponse();
        Assert.Equal(200, held.StatusCode);
        Assert.NotNull(held.Contact);
        fixture.Send(StackFixture.Request("ACK", cseq: 2, branch: "a2", toTag: call.LocalTag));
        fixture.Send(StackFixture.Request("INVITE", cseq: 3, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("200", fixture.Heard());
        fixture.Send(StackFixture.Request("ACK", cseq: 3, branch: "a3", toTag: call.LocalTag));
        Assert.Equal(["answer SendOnly", "answer SendRecv"], fixture.Negotiator.Log);
        fixture.Time.Advance(60_000);
        Assert.Empty(fixture.Received());
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Peer_SendsNoSdp_GetsOurOfferAndAnswersInAck()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag));
        Assert.False(fixture.SingleResponse().Body.IsEmpty);
        fixture.Send(StackFixture.Request("ACK", cseq: 2, branch: "a2", toTag: call.LocalTag, body: StackFixture.Sdp("recvonly")));
        Assert.Equal(["offer", "accept RecvOnly"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Peer_OffersWhatCannotBe_Gets488AndTheCallGoesOn()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Negotiator.Refuses = true;
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("488", fixture.Heard());
        fixture.Send(StackFixture.Request("ACK", cseq: 2, toTag: call.LocalTag));
        fixture.Time.Advance(60_000);
        Assert.Empty(fixture.Received());
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Peer_NeverAcknowledges_GetsBye()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        fixture.Time.Advance(31_999);
        fixture.Received();
        fixture.Time.Advance(1);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("BYE"), 200));
        Assert.Equal(SipCallEndCause.NoAck, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Peer_ReInvitesBeforeTheFirstIsAnswered_Gets500WithRetryAfter()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Call.Ring();
        fixture.Received();
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: fixture.Call.LocalTag, body: StackFixture.Sdp()));
        var response = fixture.SingleResponse();
        Assert.Equal(500, response.StatusCode);
        Assert.InRange(int.Parse(response.Headers.Get("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 0, 10);
    }

    [Fact]
    public async Task Peer_ReInvitesWhileOurOfferAwaitsItsAnswer_Gets491()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE"));
        _ = fixture.Call.AnswerAsync(fixture.Negotiator); // our offer is in the 200
        fixture.Received();
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: fixture.Call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("491", fixture.Heard());
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.ReInviteCollisions]);
    }

    [Fact]
    public async Task Peer_MovesItsContact_ByeFollows()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp())
            .Replace($"Contact: <sip:alice@{StackFixture.Peer}:5060>", "Contact: <sip:alice@192.0.2.99:5080>", StringComparison.Ordinal));
        fixture.Send(StackFixture.Request("ACK", cseq: 2, branch: "a2", toTag: call.LocalTag));
        fixture.Received();
        _ = call.HangUpAsync();
        var bye = (SipRequest)Assert.Single(fixture.Received(fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("192.0.2.99"), 5080))));
        Assert.Equal("sip:alice@192.0.2.99:5080", bye.RequestUri.ToString());
    }

    [Fact]
    public async Task Ours_Accepted_IsAcknowledgedEveryTime()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Negotiator.Direction = MediaDirection.SendOnly;
        var reInviting = call.ReInviteAsync();
        var invite = fixture.SingleRequest("INVITE");
        Assert.Contains("a=sendonly", System.Text.Encoding.UTF8.GetString(invite.Body.Span));
        Assert.Equal("peer", invite.To.Tag);
        var ok = StackFixture.Response(invite, 200, null, StackFixture.Sdp("recvonly"));
        fixture.Send(ok);
        var result = await reInviting;
        Assert.Same(call, result.Call);
        Assert.Equal("ACK", fixture.Heard());
        fixture.Send(ok);
        Assert.Equal("ACK", fixture.Heard());
        Assert.Equal(["offer", "accept RecvOnly"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Ours_Refused_LeavesTheCall()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 488));
        Assert.Equal(488, (await reInviting).StatusCode);
        Assert.Equal("ACK", fixture.Heard());
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Ours_491_IsTriedAgainAfterTheRandomPause()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 491));
        Assert.Equal("ACK", fixture.Heard());
        fixture.Time.Advance(2000); // not the owner of the Call-ID: 0 to 2 s
        var again = (SipRequest)fixture.Received()[^1]; // perhaps repeated already, after a short pause
        Assert.Equal(new CSeq(2, "INVITE"), again.CSeq);
        fixture.Send(StackFixture.Response(again, 200, null, StackFixture.Sdp()));
        Assert.Equal(200, (await reInviting).StatusCode);
    }

    [Fact]
    public async Task Ours_CrossingThePeers_PeerGets491()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("491", fixture.Heard());
        fixture.Send(StackFixture.Response(invite, 200, null, StackFixture.Sdp()));
        Assert.Equal(200, (await reInviting).StatusCode);
    }

    [Fact]
    public async Task Ours_WhileOneIsPending_Is491AtOnce()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        _ = call.ReInviteAsync();
        Assert.Equal(491, (await call.ReInviteAsync()).StatusCode);
    }

    [Fact]
    public async Task Ours_WhileAnAckIsDue_WaitsForIt()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("200", fixture.Heard());
        _ = call.ReInviteAsync();
        Assert.Empty(fixture.Received());
        fixture.Send(StackFixture.Request("ACK", cseq: 2, branch: "a2", toTag: call.LocalTag));
        fixture.Time.Advance(2000);
        Assert.Contains("INVITE", fixture.Heard());
    }

    [Fact]
    public async Task Ours_481_EndsTheCall()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 481));
        Assert.Equal(481, (await reInviting).StatusCode);
        Assert.Equal(SipCallEndCause.DialogLost, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Ours_NoAnswer_EndsTheCallByBye()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Time.Advance(32_000);
        Assert.Equal(408, (await reInviting).StatusCode);
        Assert.Equal("BYE", fixture.Heard().Split(' ')[^1]);
    }

    [Fact]
    public async Task Ours_OnlyProvisionalResponses_IsCancelledAndThenEndsTheCall()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 100, null));
        fixture.Time.Advance(32_000);
        fixture.SingleRequest("CANCEL");
        fixture.Time.Advance(32_000);
        Assert.Equal(408, (await reInviting).StatusCode);
        Assert.Equal(SipCallState.Ending, call.State);
    }

    [Fact]
    public async Task Ours_CallEndsMeanwhile_Completes()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag));
        Assert.Null((await reInviting).Call);
    }

    [Fact]
    public async Task SendRequest_GetsItsResponseAnd481EndsTheCall()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var sending = call.SendRequestAsync("INFO", [("X-Test", "1")], "text/plain", "hello"u8.ToArray());
        var info = fixture.SingleRequest("INFO");
        Assert.Equal("1", info.Headers.Get("X-Test"));
        Assert.Equal("text/plain", info.ContentType);
        fixture.Send(StackFixture.Response(info, 200));
        Assert.Equal(200, (await sending)!.StatusCode);
        sending = call.SendRequestAsync("INFO");
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INFO"), 481));
        Assert.Equal(481, (await sending)!.StatusCode);
        Assert.Equal(SipCallEndCause.DialogLost, (await call.Completion).Cause);
        Assert.Null(await call.SendRequestAsync("INFO"));
        Assert.Throws<ArgumentException>(() => { _ = call.SendRequestAsync("BYE"); });
    }

    [Fact]
    public async Task Negotiator_ThrowsOnReInvite_Is500AndBye()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Negotiator.Throws = true;
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        var heard = fixture.Received();
        Assert.Equal(["500", "BYE"], heard.Select(StackFixture.Name));
        fixture.Send(StackFixture.Response((SipRequest)heard[1], 200));
        Assert.Equal(SipCallEndCause.Faulted, (await call.Completion).Cause);
        Assert.Single(fixture.Faults);
    }

    [Fact]
    public async Task Ours_WithoutOffer_AnswersThePeersInAck()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync(lateOffer: true);
        var invite = fixture.SingleRequest("INVITE");
        Assert.True(invite.Body.IsEmpty);
        fixture.Send(StackFixture.Response(invite, 200, null, StackFixture.Sdp("sendonly")));
        Assert.Equal(200, (await reInviting).StatusCode);
        Assert.False(fixture.SingleRequest("ACK").Body.IsEmpty);
        Assert.Equal(["answer SendOnly"], fixture.Negotiator.Log);
    }

    [Theory]
    [InlineData(true)] // the offer cannot be used
    [InlineData(false)] // there is none
    public async Task Ours_WithoutOffer_NothingToAnswer_IsAcknowledgedAndEnded(bool hasOffer)
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync(lateOffer: true);
        fixture.Negotiator.Refuses = true;
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 200, null, hasOffer ? StackFixture.Sdp() : null));
        Assert.Equal(488, (await reInviting).StatusCode);
        Assert.Equal("ACK BYE", fixture.Heard());
    }

    [Theory]
    [InlineData(401, "WWW-Authenticate", "Authorization")]
    [InlineData(407, "Proxy-Authenticate", "Proxy-Authorization")]
    public async Task Ours_Challenged_IsSentAgainWithTheCallsCredentials(int status, string challenge, string answer)
    {
        await using var fixture = new StackFixture();
        var (call, invite) = await EstablishWithCredentialsAsync(fixture);
        var reInviting = call.ReInviteAsync();
        var first = fixture.SingleRequest("INVITE");
        fixture.Send(Challenge(first, status, challenge));
        var again = fixture.Received().OfType<SipRequest>().Single(request => request.Method == "INVITE");
        Assert.Contains("username=\"gw\"", again.Headers.Get(answer), StringComparison.Ordinal);
        Assert.Equal(first.CSeq.Number + 1, again.CSeq.Number);
        Assert.Equal(first.Body.ToArray(), again.Body.ToArray());
        Assert.NotEqual(first.TopVia.Branch, again.TopVia.Branch);
        fixture.Send(StackFixture.Response(again, 200, null, StackFixture.Sdp()));
        Assert.Equal(200, (await reInviting).StatusCode);
        var ack = fixture.SingleRequest("ACK");
        Assert.Equal(again.CSeq.Number, ack.CSeq.Number);
        Assert.Equal(again.Headers.Get(answer), ack.Headers.Get(answer));
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log); // the same offer twice
        Assert.Equal(invite.CallId, again.CallId);
    }

    [Theory]
    [InlineData("INFO")]
    [InlineData("UPDATE")]
    [InlineData("BYE")]
    public async Task OtherRequests_Challenged_AreSentAgainToo(string method)
    {
        await using var fixture = new StackFixture();
        var (call, _) = await EstablishWithCredentialsAsync(fixture);
        Task sending = method switch
        {
            "INFO" => call.SendRequestAsync("INFO"),
            "UPDATE" => call.UpdateAsync(withOffer: false),
            _ => call.HangUpAsync(),
        };
        var first = fixture.SingleRequest(method);
        fixture.Send(Challenge(first, 401, "WWW-Authenticate"));
        var again = fixture.SingleRequest(method);
        Assert.Equal(first.CSeq.Number + 1, again.CSeq.Number);
        Assert.NotNull(again.Headers.Get("Authorization"));
        fixture.Send(StackFixture.Response(again, 200, null));
        await sending;
    }

    [Fact]
    public async Task Ours_ChallengedWithoutCredentials_LeavesTheCall()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Send(Challenge(fixture.SingleRequest("INVITE"), 401, "WWW-Authenticate"));
        Assert.Equal(401, (await reInviting).StatusCode);
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Ours_422_IsSentAgainWithALongerInterval()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        var refusal = StackFixture.Response(fixture.SingleRequest("INVITE"), 422);
        refusal.Headers.Set("Min-SE", "2000");
        fixture.Send(refusal);
        var again = fixture.Received().OfType<SipRequest>().Single(request => request.Method == "INVITE");
        Assert.Equal(("2000", "2000"), (again.Headers.Get("Session-Expires"), again.Headers.Get("Min-SE")));
        fixture.Send(StackFixture.Response(again, 200, null, StackFixture.Sdp()));
        Assert.Equal(200, (await reInviting).StatusCode);
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Ours_408_EndsTheCallByBye()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 408));
        Assert.Equal(408, (await reInviting).StatusCode);
        Assert.Equal("ACK BYE", fixture.Heard());
    }

    [Fact]
    public async Task Ours_CrossingForEver_GivesUpAndLeavesTheCall()
    {
        await using var fixture = new StackFixture();
        var (call, _) = await fixture.EstablishOutgoingAsync();
        var reInviting = call.ReInviteAsync();
        int sent = 0;
        while (!reInviting.IsCompleted && sent < 20)
        {
            var invite = fixture.Received().OfType<SipRequest>().Last(request => request.Method == "INVITE");
            sent++;
            fixture.Send(StackFixture.Response(invite, 491));
            fixture.Time.Advance(2_090);
            Assert.DoesNotContain("INVITE", fixture.Heard(), StringComparison.Ordinal); // the owner of the Call-ID waits 2.1 s at least
            if (!reInviting.IsCompleted)
                fixture.Time.Advance(1_910);
        }

        Assert.Equal(491, (await reInviting).StatusCode);
        Assert.Equal(GlarePause.MostTries, sent);
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Ours_Refused_TheNextOneOffersAnew()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 488));
        await reInviting;
        fixture.Received();
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("200", fixture.Heard()); // nothing of ours is open
    }

    [Fact]
    public async Task Ours_RingingWhenTheCallEnds_IsCancelled()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 180, null));
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag));
        Assert.Null((await reInviting).Call);
        Assert.Equal(["200", "CANCEL"], fixture.Heard().Split(' ').Order());
        fixture.Time.Advance(32_000);
        fixture.Received();
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
    }

    [Fact]
    public async Task Ours_AnsweredAfterTheCallEnded_IsAcknowledged()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        _ = call.ReInviteAsync();
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag));
        fixture.Received();
        fixture.Send(StackFixture.Response(invite, 200, null, StackFixture.Sdp()));
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Peer_ReInvitesInsideOurReInvitesPause_IsServed()
    {
        await using var fixture = new StackFixture();
        var (call, invite) = await fixture.EstablishOutgoingAsync();
        _ = call.ReInviteAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 491));
        fixture.Received();
        fixture.Send(StackFixture.WithinOutgoing("INVITE", invite, 1, StackFixture.Sdp()));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Peer_CSeqWithGaps_IsServed()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        foreach (uint cseq in (uint[])[2, 90, 91, 4_000_000])
        {
            fixture.Send(StackFixture.Request("OPTIONS", cseq: cseq, toTag: call.LocalTag));
            Assert.Equal("200", fixture.Heard());
        }

        fixture.Send(StackFixture.Request("INVITE", cseq: 3_999_999, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("500", fixture.Heard());
    }

    [Theory]
    [InlineData(408)]
    [InlineData(0)]
    public async Task SendRequest_408OrSilence_EndsTheCallByBye(int status)
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var sending = call.SendRequestAsync("INFO");
        var info = fixture.SingleRequest("INFO");
        if (status > 0)
            fixture.Send(StackFixture.Response(info, status));
        else
            fixture.Time.Advance(32_000);
        Assert.Equal(status > 0 ? status : null, (await sending)?.StatusCode);
        var bye = (SipRequest)fixture.Received()[^1];
        Assert.Equal("BYE", bye.Method);
        fixture.Send(StackFixture.Response(bye, 200));
        Assert.Equal(SipCallEndCause.TimedOut, (await call.Completion).Cause);
    }

    private static SipResponse Challenge(SipRequest request, int status, string header)
    {
        var response = StackFixture.Response(request, status, null);
        response.Headers.Set(header, "Digest realm=\"peer\", nonce=\"n1\", qop=\"auth\", algorithm=MD5");
        return response;
    }

    private static async Task<(SipCall Call, SipRequest Invite)> EstablishWithCredentialsAsync(StackFixture fixture)
    {
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = new SipCredentials("gw", "secret") });
        var invite = fixture.SingleRequest("INVITE");
        var ok = StackFixture.Response(invite, 200, sdp: StackFixture.Sdp());
        ok.Headers.Set("Allow", "INVITE, ACK, BYE, UPDATE");
        fixture.Send(ok);
        var call = (await calling).Call!;
        fixture.Received();
        fixture.Negotiator.Log.Clear();
        return (call, invite);
    }
}
