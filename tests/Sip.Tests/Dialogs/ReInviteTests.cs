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
}
