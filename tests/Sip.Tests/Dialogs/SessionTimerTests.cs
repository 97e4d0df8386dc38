using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

public class SessionTimerTests
{
    private const string PeerRefreshes = "Supported: timer\nSession-Expires: 1800;refresher=uac";
    private const string WeRefresh = "Supported: timer\nSession-Expires: 1800;refresher=uas";
    private const string AllowsUpdate = "\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE";

    [Fact]
    public async Task Invite_BelowMinSE_Is422WithIt()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: "Supported: timer\nSession-Expires: 60"));
        var response = (SipResponse)fixture.Received()[^1];
        Assert.Equal(422, response.StatusCode);
        Assert.Equal("90", response.Headers.Get("Min-SE"));
        Assert.Empty(fixture.Handler.Calls);
        fixture.Send(StackFixture.Request("ACK", toTag: response.To.Tag!));
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, body: StackFixture.Sdp(), headers: "Supported: timer\nSession-Expires: 90\nMin-SE: 90"));
        Assert.Single(fixture.Handler.Calls);
    }

    [Fact]
    public async Task Peer_DoesNotRefresh_GetsBye32SecondsBeforeTheEnd()
    {
        await using var fixture = new StackFixture();
        var (call, ok) = Establish(fixture, PeerRefreshes);
        Assert.Equal("1800;refresher=uac", ok.Headers.Get("Session-Expires"));
        Assert.Equal("timer", ok.Headers.Get("Require"));
        Assert.Contains("timer", ok.Headers.GetList("Supported"));
        fixture.Time.Advance(1_767_999);
        Assert.Empty(fixture.Received());
        fixture.Time.Advance(1);
        var bye = fixture.SingleRequest("BYE");
        Assert.Contains("Session Expired", bye.Headers.Get("Reason"), StringComparison.Ordinal);
        fixture.Send(StackFixture.Response(bye, 200));
        Assert.Equal(SipCallEndCause.SessionExpired, (await call.Completion).Cause);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.SessionsExpired]);
    }

    [Fact]
    public async Task Peer_ShortInterval_GetsByeAThirdBeforeTheEnd()
    {
        await using var fixture = new StackFixture();
        Establish(fixture, "Supported: timer\nSession-Expires: 90;refresher=uac");
        fixture.Time.Advance(59_999);
        Assert.Empty(fixture.Received());
        fixture.Time.Advance(1);
        fixture.SingleRequest("BYE");
    }

    [Theory]
    [InlineData("UPDATE", "")]
    [InlineData("INVITE", "sdp")]
    public async Task Peer_Refreshes_TheCallGoesOn(string method, string body)
    {
        await using var fixture = new StackFixture();
        var (call, _) = Establish(fixture, PeerRefreshes);
        for (uint round = 2; round < 5; round++)
        {
            fixture.Time.Advance(900_000);
            fixture.Send(StackFixture.Request(method, cseq: round, toTag: call.LocalTag, headers: PeerRefreshes, body: body.Length > 0 ? StackFixture.Sdp() : ""));
            Assert.Equal("1800;refresher=uac", fixture.SingleResponse().Headers.Get("Session-Expires"));
            if (method == "INVITE")
                fixture.Send(StackFixture.Request("ACK", cseq: round, branch: $"a{round}", toTag: call.LocalTag));
        }

        Assert.Equal(SipCallState.Established, call.State);
        fixture.Time.Advance(1_768_000);
        fixture.SingleRequest("BYE");
    }

    [Fact]
    public async Task Ours_UpdateAtHalf_AgainAndAgain()
    {
        await using var fixture = new StackFixture();
        var (call, _) = Establish(fixture, WeRefresh + AllowsUpdate);
        for (int round = 0; round < 3; round++)
        {
            fixture.Time.Advance(899_999);
            Assert.Empty(fixture.Received());
            fixture.Time.Advance(1);
            var update = fixture.SingleRequest("UPDATE");
            Assert.True(update.Body.IsEmpty);
            Assert.NotNull(update.Contact);
            Assert.Equal("1800;refresher=uac", update.Headers.Get("Session-Expires"));
            fixture.Send(Accept(update, "1800;refresher=uac"));
        }

        Assert.Equal(SipCallState.Established, call.State);
        Assert.Empty(fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Ours_PeerWithoutUpdate_GetsReInviteWithTheSameSdp()
    {
        await using var fixture = new StackFixture();
        var (call, ok) = Establish(fixture, WeRefresh);
        fixture.Time.Advance(900_000);
        var invite = fixture.SingleRequest("INVITE");
        Assert.Equal(Encoding.UTF8.GetString(ok.Body.Span), Encoding.UTF8.GetString(invite.Body.Span));
        var accepted = Accept(invite, "1800;refresher=uac");
        accepted.SetBody("application/sdp", Encoding.UTF8.GetBytes(StackFixture.Sdp()));
        fixture.Send(accepted);
        Assert.Equal("ACK", fixture.Heard());
        Assert.Empty(fixture.Negotiator.Log); // the session is what it was
        Assert.Equal(SipCallState.Established, call.State);
        fixture.Time.Advance(900_000);
        Assert.Equal("INVITE", fixture.Heard());
    }

    [Fact]
    public async Task Ours_UpdateNotKnownAfterAll_FallsBackToReInvite()
    {
        await using var fixture = new StackFixture();
        Establish(fixture, WeRefresh + AllowsUpdate);
        fixture.Time.Advance(900_000);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("UPDATE"), 501));
        fixture.SingleRequest("INVITE");
    }

    [Fact]
    public async Task Ours_481_EndsTheCall()
    {
        await using var fixture = new StackFixture();
        var (call, _) = Establish(fixture, WeRefresh + AllowsUpdate);
        fixture.Time.Advance(900_000);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("UPDATE"), 481));
        Assert.Equal(SipCallEndCause.DialogLost, (await call.Completion).Cause);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Ours_408OrSilence_EndsTheCallByBye()
    {
        await using var fixture = new StackFixture();
        var (call, _) = Establish(fixture, WeRefresh + AllowsUpdate);
        fixture.Time.Advance(900_000);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("UPDATE"), 408));
        fixture.Send(StackFixture.Response(fixture.SingleRequest("BYE"), 200));
        Assert.Equal(SipCallEndCause.TimedOut, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Ours_RefusedOtherwise_IsTriedAgainAndEndsAtTheLimit()
    {
        await using var fixture = new StackFixture();
        var (call, _) = Establish(fixture, WeRefresh + AllowsUpdate);
        fixture.Time.Advance(900_000);
        var refusal = StackFixture.Response(fixture.SingleRequest("UPDATE"), 500);
        refusal.Headers.Set("Retry-After", "7");
        fixture.Send(refusal);
        fixture.Time.Advance(6_999);
        Assert.Empty(fixture.Received());
        fixture.Time.Advance(1);
        int tries = 1;
        while (fixture.Received() is [SipRequest { Method: "UPDATE" } update])
        {
            tries++;
            fixture.Send(StackFixture.Response(update, 500));
            fixture.Time.Advance(10_000);
        }

        Assert.InRange(tries, 80, 90); // every 10 s from 900 to 1768
        Assert.Equal(SipCallState.Ending, call.State);
    }

    [Fact]
    public async Task Ours_422_IsTriedAgainWithWhatThePeerWants()
    {
        await using var fixture = new StackFixture();
        Establish(fixture, WeRefresh + AllowsUpdate);
        fixture.Time.Advance(900_000);
        var refusal = StackFixture.Response(fixture.SingleRequest("UPDATE"), 422);
        refusal.Headers.Set("Min-SE", "3600");
        fixture.Send(refusal);
        var again = fixture.SingleRequest("UPDATE");
        Assert.Equal("3600;refresher=uac", again.Headers.Get("Session-Expires"));
        Assert.Equal("3600", again.Headers.Get("Min-SE"));
        fixture.Send(Accept(again, "3600;refresher=uac"));
        fixture.Time.Advance(1_799_999);
        Assert.Empty(fixture.Received());
        fixture.Time.Advance(1);
        fixture.SingleRequest("UPDATE");
    }

    [Fact]
    public async Task ReInvite_ChangesIntervalAndRefresher()
    {
        await using var fixture = new StackFixture();
        var (call, _) = Establish(fixture, PeerRefreshes + AllowsUpdate);
        fixture.Send(StackFixture.Request("INVITE", cseq: 2, toTag: call.LocalTag, body: StackFixture.Sdp(), headers: "Supported: timer\nSession-Expires: 200;refresher=uas"));
        Assert.Equal("200;refresher=uas", fixture.SingleResponse().Headers.Get("Session-Expires"));
        fixture.Send(StackFixture.Request("ACK", cseq: 2, branch: "a2", toTag: call.LocalTag));
        fixture.Time.Advance(100_000);
        var update = fixture.SingleRequest("UPDATE");
        Assert.Equal("200;refresher=uac", update.Headers.Get("Session-Expires"));
        fixture.Send(Accept(update, null)); // without Session-Expires: no timer any more
        fixture.Time.Advance(4_000_000);
        Assert.Empty(fixture.Received());
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Update_BelowMinSE_Is422AndTheTimerStays()
    {
        await using var fixture = new StackFixture();
        var (call, _) = Establish(fixture, PeerRefreshes);
        fixture.Send(StackFixture.Request("UPDATE", cseq: 2, toTag: call.LocalTag, headers: "Supported: timer\nSession-Expires: 30;refresher=uac"));
        Assert.Equal("422", fixture.Heard());
        fixture.Time.Advance(1_768_000);
        fixture.SingleRequest("BYE");
    }

    [Fact]
    public async Task Proxy_WantsATimerForAPeerWithout_WeRefresh()
    {
        await using var fixture = new StackFixture();
        var (_, ok) = Establish(fixture, "Session-Expires: 1800");
        Assert.Equal("1800;refresher=uas", ok.Headers.Get("Session-Expires"));
        Assert.Null(ok.Headers.Get("Require"));
        fixture.Time.Advance(900_000);
        fixture.SingleRequest("INVITE");
    }

    [Fact]
    public async Task Peer_WithoutTimers_IsNeverEnded()
    {
        await using var fixture = new StackFixture();
        var (call, ok) = Establish(fixture, "");
        Assert.Null(ok.Headers.Get("Session-Expires"));
        fixture.Time.Advance(TimeSpan.FromDays(2));
        Assert.Empty(fixture.Received());
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Off_IsNotAnnouncedAndNotTaken()
    {
        await using var fixture = new StackFixture(configure: options => options with { SessionTimers = null });
        var (_, ok) = Establish(fixture, PeerRefreshes);
        Assert.Null(ok.Headers.Get("Session-Expires"));
        Assert.DoesNotContain("timer", ok.Headers.GetList("Supported"));
        fixture.Send(StackFixture.Request("INVITE", callId: "c9", body: StackFixture.Sdp(), headers: "Require: timer"));
        Assert.Equal("timer", fixture.SingleResponse().Headers.Get("Unsupported"));
    }

    [Fact]
    public async Task Outgoing_AsksForATimerAndRefreshesAtHalf()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        Assert.Equal("1800", invite.Headers.Get("Session-Expires"));
        Assert.Contains("timer", invite.Headers.GetList("Supported"));
        var ok = StackFixture.Response(invite, 200, sdp: StackFixture.Sdp());
        ok.Headers.Set("Session-Expires", "600;refresher=uac");
        ok.Headers.Set("Require", "timer");
        ok.Headers.Set("Allow", "INVITE, ACK, BYE, UPDATE");
        fixture.Send(ok);
        Assert.NotNull((await calling).Call);
        Assert.Equal("ACK", fixture.Heard());
        fixture.Time.Advance(300_000);
        var update = fixture.SingleRequest("UPDATE");
        Assert.Equal("600;refresher=uac", update.Headers.Get("Session-Expires"));
        Assert.Equal(new CSeq(2, "UPDATE"), update.CSeq);
    }

    private static (SipCall Call, SipResponse Ok) Establish(StackFixture fixture, string headers)
    {
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), headers: headers));
        fixture.Send(StackFixture.Request("ACK", branch: "ack", toTag: fixture.Call.LocalTag));
        var ok = (SipResponse)fixture.Received()[^1];
        Assert.Equal(200, ok.StatusCode);
        fixture.Negotiator.Log.Clear();
        return (fixture.Call, ok);
    }

    private static SipResponse Accept(SipRequest request, string? sessionExpires)
    {
        var response = StackFixture.Response(request, 200, null);
        response.Headers.Set("Contact", $"<sip:alice@{StackFixture.Peer}:5060>");
        if (sessionExpires is not null)
            response.Headers.Set("Session-Expires", sessionExpires);
        return response;
    }
}
