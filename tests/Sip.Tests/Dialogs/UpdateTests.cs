using System.Globalization;
using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3311, both ways.</summary>
public class UpdateTests
{
    private const string Allow = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE";

    [Fact]
    public async Task Peer_WithoutSdp_RefreshesItsTargetOnly()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: call.LocalTag)
            .Replace($"Contact: <sip:alice@{StackFixture.Peer}:5060>", "Contact: <sip:alice@192.0.2.99:5080>", StringComparison.Ordinal));
        var ok = fixture.SingleResponse();
        Assert.Equal(200, ok.StatusCode);
        Assert.NotNull(ok.Contact);
        Assert.True(ok.Body.IsEmpty);
        Assert.Empty(fixture.Negotiator.Log);
        _ = call.HangUpAsync();
        Assert.Equal("BYE", fixture.Heard(fixture.Transport.FlowFrom(new(IPAddress.Parse("192.0.2.99"), 5080))));
    }

    [Fact]
    public async Task OtherRequests_DoNotMoveTheTarget()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("OPTIONS", cseq: 2, toTag: call.LocalTag)
            .Replace($"Contact: <sip:alice@{StackFixture.Peer}:5060>", "Contact: <sip:alice@192.0.2.99:5080>", StringComparison.Ordinal));
        fixture.Received();
        _ = call.HangUpAsync();
        Assert.Equal("BYE", fixture.Heard());
    }

    [Fact]
    public async Task Peer_WithOffer_GetsTheAnswer()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Negotiator.Direction = MediaDirection.RecvOnly;
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp("sendonly")));
        Assert.Contains("a=recvonly", Encoding.UTF8.GetString(fixture.SingleResponse().Body.Span), StringComparison.Ordinal);
        Assert.Equal(["answer SendOnly"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Peer_OffersWhatCannotBe_Is488AndNothingChanges()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Negotiator.Refuses = true;
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp())
            .Replace($"Contact: <sip:alice@{StackFixture.Peer}:5060>", "Contact: <sip:alice@192.0.2.99:5080>", StringComparison.Ordinal));
        Assert.Equal("488", fixture.Heard());
        Assert.Equal(SipCallState.Established, call.State);
        _ = call.HangUpAsync();
        Assert.Equal("BYE", fixture.Heard()); // where it was
    }

    [Theory]
    [InlineData("v=0\r\nnonsense", "application/sdp", 400)]
    [InlineData("<xml/>", "application/xml", 415)]
    public async Task Peer_WithUnreadableBody_IsTold(string body, string contentType, int status)
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: call.LocalTag, body: body, contentType: contentType));
        Assert.Equal(status, fixture.SingleResponse().StatusCode);
    }

    [Fact]
    public async Task Peer_WhileOurReInviteIsOpen_Gets491ForAnOfferAnd200ForNone()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var reInviting = call.ReInviteAsync();
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("491", fixture.Heard());
        fixture.Send(StackFixture.Request("UPDATE", cseq: 3, toTag: call.LocalTag));
        Assert.Equal("200", fixture.Heard());
        fixture.Send(StackFixture.Response(invite, 200, null, StackFixture.Sdp()));
        Assert.Equal(200, (await reInviting).StatusCode);
        fixture.Received();
        fixture.Send(StackFixture.Request("UPDATE", cseq: 4, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("200", fixture.Heard());
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.ReInviteCollisions]);
    }

    [Fact]
    public async Task Peer_WhileOurOfferAwaitsItsAck_Gets491()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE"));
        _ = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Received();
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: fixture.Call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("491", fixture.Heard());
    }

    [Theory]
    [InlineData(true)] // its own offer, in the INVITE, has not been answered
    [InlineData(false)] // the first offer is ours to make
    public async Task Peer_OffersBeforeTheFirstExchange_Gets500WithRetryAfter(bool hasOffer)
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: hasOffer ? StackFixture.Sdp() : ""));
        fixture.Call.Ring();
        fixture.Received();
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: fixture.Call.LocalTag, body: StackFixture.Sdp()));
        var response = fixture.SingleResponse();
        Assert.Equal(500, response.StatusCode);
        Assert.InRange(int.Parse(response.Headers.Get("Retry-After")!, CultureInfo.InvariantCulture), 0, 10);
        fixture.Send(StackFixture.Request("UPDATE", cseq: 3, toTag: fixture.Call.LocalTag));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Peer_InTheEarlyDialogAfterTheFirstExchange_IsAnswered()
    {
        await using var fixture = new StackFixture();
        Ring(fixture, call => call.Ring(fixture.Negotiator));
        fixture.Send(StackFixture.Request("UPDATE", cseq: 3, toTag: fixture.Call.LocalTag, body: StackFixture.Sdp("inactive")));
        Assert.False(fixture.SingleResponse().Body.IsEmpty);
        Assert.Equal(["answer SendRecv", "answer Inactive"], fixture.Negotiator.Log);
        Assert.Equal(SipCallState.Ringing, fixture.Call.State);
    }

    [Fact]
    public async Task Peer_InTheEarlyDialogWithNobodyToAsk_Gets504()
    {
        await using var fixture = new StackFixture();
        Ring(fixture, call => call.Ring(TestNegotiator.Sdp()));
        fixture.Send(StackFixture.Request("UPDATE", cseq: 3, toTag: fixture.Call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("504", fixture.Heard());
    }

    [Fact]
    public async Task Ours_WithOffer_IsAgreedOn()
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        fixture.Negotiator.Direction = MediaDirection.SendOnly;
        var updating = call.UpdateAsync();
        var update = fixture.SingleRequest("UPDATE");
        Assert.Contains("a=sendonly", Encoding.UTF8.GetString(update.Body.Span), StringComparison.Ordinal);
        Assert.NotNull(update.Contact);
        Assert.Contains("UPDATE", update.Headers.GetList("Allow"));
        fixture.Send(StackFixture.Response(update, 200, null, StackFixture.Sdp("recvonly")));
        Assert.Same(call, (await updating).Call);
        Assert.Equal(["offer", "accept RecvOnly"], fixture.Negotiator.Log);
        Assert.Empty(fixture.Received()); // no ACK
    }

    [Fact]
    public async Task Ours_AcceptedElsewhere_MovesTheTarget()
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        var updating = call.UpdateAsync(withOffer: false);
        var ok = StackFixture.Response(fixture.SingleRequest("UPDATE"), 200, null);
        ok.Headers.Set("Contact", "<sip:alice@192.0.2.99:5080>");
        fixture.Send(ok);
        Assert.Equal(200, (await updating).StatusCode);
        _ = call.HangUpAsync();
        Assert.Equal("BYE", fixture.Heard(fixture.Transport.FlowFrom(new(IPAddress.Parse("192.0.2.99"), 5080))));
    }

    [Theory]
    [InlineData(488)]
    [InlineData(500)]
    [InlineData(504)]
    public async Task Ours_Refused_LeavesTheCall(int status)
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        var updating = call.UpdateAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("UPDATE"), status));
        Assert.Equal(status, (await updating).StatusCode);
        Assert.Equal(SipCallState.Established, call.State);
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("200", fixture.Heard()); // nothing of ours is open any more
    }

    [Fact]
    public async Task Ours_491_IsTriedAgainAfterTheRandomPause()
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        var updating = call.UpdateAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("UPDATE"), 491));
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Contains("200", fixture.Heard(), StringComparison.Ordinal); // the pause is for this
        fixture.Time.Advance(2000);
        var again = (SipRequest)fixture.Received()[^1];
        Assert.Equal(new CSeq(2, "UPDATE"), again.CSeq);
        fixture.Send(StackFixture.Response(again, 200, null, StackFixture.Sdp()));
        Assert.Equal(200, (await updating).StatusCode);
    }

    [Fact]
    public async Task Ours_AnsweredWithoutSdp_EndsTheCall()
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        var updating = call.UpdateAsync();
        fixture.Send(StackFixture.Response(fixture.SingleRequest("UPDATE"), 200, null));
        Assert.Equal(488, (await updating).StatusCode);
        fixture.SingleRequest("BYE");
    }

    [Theory]
    [InlineData(481, SipCallEndCause.DialogLost)]
    [InlineData(408, SipCallEndCause.TimedOut)]
    [InlineData(0, SipCallEndCause.TimedOut)]
    public async Task Ours_LostDialog_EndsTheCall(int status, SipCallEndCause cause)
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        var updating = call.UpdateAsync();
        var update = fixture.SingleRequest("UPDATE");
        if (status > 0)
            fixture.Send(StackFixture.Response(update, status));
        else
            fixture.Time.Advance(32_000);
        Assert.Equal(status > 0 ? status : 408, (await updating).StatusCode);
        if (cause == SipCallEndCause.TimedOut)
            fixture.Send(StackFixture.Response((SipRequest)fixture.Received()[^1], 200));
        Assert.Equal(cause, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Ours_OpenWhenThePeerReInvites_Gets491()
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        var updating = call.UpdateAsync();
        var update = fixture.SingleRequest("UPDATE");
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("491", fixture.Heard());
        fixture.Send(StackFixture.Request("ACK", cseq: 2, toTag: call.LocalTag));
        fixture.Send(StackFixture.Request("INVITE", cseq: 3, toTag: call.LocalTag)); // without SDP the offer would be ours again
        Assert.Equal("491", fixture.Heard());
        fixture.Send(StackFixture.Response(update, 200, null, StackFixture.Sdp()));
        Assert.Equal(200, (await updating).StatusCode);
    }

    [Fact]
    public async Task Ours_WithoutOfferOpen_ThePeersReInviteIsServed()
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        _ = call.UpdateAsync(withOffer: false);
        fixture.SingleRequest("UPDATE");
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Ours_PeerDoesNotAllowIt_Is405WithoutAsking()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        Assert.Equal(405, (await call.UpdateAsync()).StatusCode);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Ours_WhileOneIsOpen_Is491AtOnce()
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        _ = call.ReInviteAsync();
        Assert.Equal(491, (await call.UpdateAsync()).StatusCode);
    }

    [Fact]
    public async Task Ours_InTheEarlyDialog_OnlyAfterTheFirstExchange()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: $"Require: 100rel\n{Allow}"));
        fixture.Received();
        Assert.Equal(491, (await fixture.Call.UpdateAsync()).StatusCode);
        fixture.Call.Ring(fixture.Negotiator);
        fixture.Send(Prack(fixture, fixture.SingleResponse()));
        fixture.Received();
        var updating = fixture.Call.UpdateAsync();
        var update = fixture.SingleRequest("UPDATE");
        Assert.Null(update.Headers.Get("Session-Expires"));
        fixture.Send(StackFixture.Response(update, 200, null, StackFixture.Sdp()));
        Assert.Equal(200, (await updating).StatusCode);
        Assert.Equal(SipCallState.Ringing, fixture.Call.State);
    }

    [Fact]
    public async Task Ours_CallEndsMeanwhile_Completes()
    {
        await using var fixture = new StackFixture();
        var call = Establish(fixture);
        var updating = call.UpdateAsync();
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag));
        Assert.Null((await updating).Call);
    }

    [Fact]
    public async Task Callee_InTheEarlyDialogOfOurCall_IsAnsweredByThatDialogsState()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.WithinOutgoing("UPDATE", invite, 1, StackFixture.Sdp()));
        Assert.Equal("481", fixture.Heard()); // there is no such dialog yet
        var progress = StackFixture.Response(invite, 183, sdp: StackFixture.Sdp());
        progress.Headers.Set("Require", "100rel");
        progress.Headers.Set("RSeq", "7");
        fixture.Send(StackFixture.Response(invite, 180, tag: "another")); // a fork whose answer is due
        fixture.Send(progress);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("PRACK"), 200, null));
        fixture.Send(StackFixture.WithinOutgoing("UPDATE", invite, 2, StackFixture.Sdp("inactive")));
        Assert.False(fixture.SingleResponse().Body.IsEmpty);
        fixture.Send(StackFixture.WithinOutgoing("UPDATE", invite, 3, StackFixture.Sdp()).Replace("tag=bobtag", "tag=another", StringComparison.Ordinal));
        Assert.Equal("491", fixture.Heard());
        fixture.Send(StackFixture.WithinOutgoing("UPDATE", invite, 1, StackFixture.Sdp()).Replace("callee-", "late-", StringComparison.Ordinal));
        Assert.Equal("500", fixture.Heard()); // out of order in its dialog, and in no other
        Assert.Equal(["offer", "accept SendRecv", "answer Inactive"], fixture.Negotiator.Log);
        fixture.Send(StackFixture.Response(invite, 200, sdp: null));
        Assert.NotNull((await calling).Call);
        Assert.Equal("ACK", fixture.Heard());
    }

    private static SipCall Establish(StackFixture fixture)
    {
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: Allow));
        fixture.Send(StackFixture.Request("ACK", branch: "ack", toTag: fixture.Call.LocalTag));
        fixture.Received();
        fixture.Negotiator.Log.Clear();
        return fixture.Call;
    }

    private static void Ring(StackFixture fixture, Action<SipCall> ring)
    {
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: "Require: 100rel"));
        fixture.Received();
        ring(fixture.Call);
        fixture.Send(Prack(fixture, fixture.SingleResponse()));
        Assert.Equal("200", fixture.Heard());
    }

    private static string Prack(StackFixture fixture, SipResponse provisional) => StackFixture.Request(
        "PRACK", cseq: 2, toTag: fixture.Call.LocalTag, headers: $"RAck: {provisional.Headers.Get("RSeq")} {provisional.CSeq}");
}
