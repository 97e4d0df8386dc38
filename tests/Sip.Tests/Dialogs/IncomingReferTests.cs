using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3515, 3892, 4488 and 7647: the peer of a call asks us to call somebody else.</summary>
public class IncomingReferTests
{
    private const string Carol = "Refer-To: <sip:carol@192.0.2.2>";

    [Fact]
    public async Task Refer_Taken_Is202AndReportedFromTheStart()
    {
        await using var fixture = Start(static r => r.Accept());
        var call = fixture.Establish();
        fixture.Send(Refer(call, Carol));
        var messages = fixture.Received();
        var accepted = Assert.IsType<SipResponse>(messages[0]);
        Assert.Equal(202, accepted.StatusCode);
        Assert.NotNull(accepted.Contact);
        Assert.Null(accepted.Headers.Get("Refer-Sub"));
        var notify = Assert.IsType<SipRequest>(Assert.Single(messages, static m => m is SipRequest));
        AssertReport(notify, "SIP/2.0 100 Trying\r\n", "refer", "active;expires=");
        Assert.NotNull(notify.Contact);
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Report_UpToTheEnd_GoesOutInOrderOneAtATime()
    {
        SipIncomingReferral referral = null!;
        await using var fixture = Start(r => Take(r, out referral));
        fixture.Send(Refer(fixture.Establish(), Carol));
        var first = LastRequest(fixture);
        // While the first is not answered nothing follows, and what is overtaken is never sent.
        referral.Report(180);
        referral.Report(183);
        Assert.Empty(fixture.Received());
        fixture.Send(StackFixture.Response(first, 200));
        var second = fixture.SingleRequest("NOTIFY");
        AssertReport(second, "SIP/2.0 183 Session Progress\r\n", "refer", "active;expires=");
        Assert.True(second.CSeq.Number > first.CSeq.Number);
        referral.Report(200);
        Assert.False(referral.Reported.IsCompleted);
        fixture.Send(StackFixture.Response(second, 200));
        var last = fixture.SingleRequest("NOTIFY");
        AssertReport(last, "SIP/2.0 200 OK\r\n", "refer", "terminated;reason=noresource");
        fixture.Send(StackFixture.Response(last, 200));
        Assert.True(referral.Reported.IsCompletedSuccessfully);
        referral.Report(486);
        Assert.Empty(fixture.Received());
    }

    // RFC 3515 section 2.4.6: the second and every later one are told apart by the CSeq of their REFER.
    [Fact]
    public async Task Report_OfASecondRefer_HasItsNumber()
    {
        List<SipIncomingReferral> referrals = [];
        await using var fixture = Start(r => { r.Accept(); referrals.Add(r); });
        var call = fixture.Establish();
        fixture.Send(Refer(call, Carol, cseq: 2));
        fixture.Send(StackFixture.Response(LastRequest(fixture), 200));
        fixture.Send(Refer(call, Carol, cseq: 7));
        AssertReport(LastRequest(fixture), "SIP/2.0 100 Trying\r\n", "refer;id=7", "active;expires=");
        referrals[0].Report(603);
        AssertReport(fixture.SingleRequest("NOTIFY"), "SIP/2.0 603 Decline\r\n", "refer", "terminated;reason=noresource");
    }

    [Fact]
    public async Task Refer_NobodyDecides_Is603()
    {
        await using var fixture = Start(null);
        fixture.Send(Refer(fixture.Establish(), Carol));
        Assert.Equal(603, fixture.SingleResponse().StatusCode);
    }

    [Fact]
    public async Task Refer_Refused_SaysWithWhat()
    {
        await using var fixture = Start(static r => r.Refuse(403, "Not You"));
        fixture.Send(Refer(fixture.Establish(), Carol));
        var response = fixture.SingleResponse();
        Assert.Equal((403, "Not You"), (response.StatusCode, response.ReasonPhrase));
    }

    [Fact]
    public async Task Refer_NobodyTakesReferrals_Is405()
    {
        await using var fixture = new StackFixture();
        fixture.Send(Refer(fixture.Establish(), Carol));
        var response = fixture.SingleResponse();
        Assert.Equal(405, response.StatusCode);
        Assert.False(response.Headers.ListContains("Allow", "REFER"));
    }

    [Fact]
    public async Task Invite_OfAnEndpointThatTakesReferrals_SaysSo()
    {
        await using var fixture = Start(null);
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var answer = Assert.IsType<SipResponse>(fixture.Received()[^1]);
        Assert.True(answer.Headers.ListContains("Allow", "REFER"));
        Assert.True(answer.Headers.ListContains("Supported", "replaces"));
        Assert.True(answer.Headers.ListContains("Supported", "norefersub"));
    }

    // RFC 4488 section 4: no subscription, and the answer says so.
    [Fact]
    public async Task Refer_WithoutSubscription_IsNotReported()
    {
        SipIncomingReferral referral = null!;
        await using var fixture = Start(r => Take(r, out referral));
        fixture.Send(Refer(fixture.Establish(), Carol + "\nRefer-Sub: false\nRequire: norefersub"));
        var response = fixture.SingleResponse();
        Assert.Equal((202, "false"), (response.StatusCode, response.Headers.Get("Refer-Sub")));
        Assert.False(referral.IsReported);
        referral.Report(200);
        Assert.Empty(fixture.Received());
        Assert.True(referral.Reported.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData("Subject: nobody", 400)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2>\nRefer-To: <sip:dave@192.0.2.2>", 400)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2>, <sip:dave@192.0.2.2>", 400)]
    [InlineData("Refer-To: <sip:carol@@>", 400)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2?Replaces=nothing>", 400)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2?Replaces=a%3Bto-tag%3D1>", 400)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2?X-Evil=a%0D%0AVia:%20x>", 400)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2>\nReferred-By: nobody at all", 400)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2>\nReferred-By: <sip:a@b>\nReferred-By: <sip:c@d>", 400)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2>\nRefer-Sub: perhaps", 400)]
    [InlineData("Refer-To: <http://192.0.2.2/>", 416)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2;method=SUBSCRIBE>", 603)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2?Join=a%3Bto-tag%3D1%3Bfrom-tag%3D2>", 603)]
    [InlineData("Refer-To: <sip:carol@192.0.2.2>\nRequire: explicitsub", 420)]
    public async Task Refer_ThatCannotBeServed_IsRefusedUnasked(string headers, int status)
    {
        var asked = 0;
        await using var fixture = Start(_ => asked++);
        var call = fixture.Establish();
        fixture.Send(Refer(call, headers));
        Assert.Equal(status, fixture.SingleResponse().StatusCode);
        Assert.Equal((0, SipCallState.Established), (asked, call.State));
    }

    [Fact]
    public async Task Refer_WhatTheUriWants_IsReadAndWhatItMayNotIsLeftOut()
    {
        SipIncomingReferral referral = null!;
        await using var fixture = Start(r => Take(r, out referral));
        fixture.Send(Refer(fixture.Establish(),
            "Refer-To: \"Carol\" <sip:carol@192.0.2.2:5070;transport=tcp;method=INVITE?Replaces=abc%40host%3Bto-tag%3D7%3Bfrom-tag%3D8&X-Account=42&From=sip%3Aevil%40x&Call-ID=9&body=x>\n"
            + "Referred-By: \"Alice\" <sip:alice@192.0.2.2>;cid=\"1@x\""));
        Assert.Equal("sip:carol@192.0.2.2:5070;transport=tcp", referral.Target.ToString());
        Assert.Equal(new SipReplaces("abc@host", "7", "8"), referral.Replaces);
        Assert.Equal("alice", referral.ReferredBy!.Uri.User);
        Assert.Equal(["X-Account", "Replaces", "Require", "Referred-By"], referral.Headers.Select(static h => h.Name));
        Assert.Equal(("Replaces", "abc@host;to-tag=7;from-tag=8"), referral.Headers[1]);
        Assert.Equal(("Require", "replaces"), referral.Headers[2]);
    }

    [Fact]
    public async Task Refer_OfACallThatRings_Is603()
    {
        await using var fixture = Start(static r => r.Accept());
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Call.Ring();
        fixture.Received();
        fixture.Send(Refer(fixture.Call, Carol));
        Assert.Equal(603, fixture.SingleResponse().StatusCode);
    }

    [Fact]
    public async Task Report_NeverComesToAnEnd_TheSubscriptionDoes()
    {
        await using var fixture = Start(static r => r.Accept());
        fixture.Send(Refer(fixture.Establish(), Carol));
        fixture.Send(StackFixture.Response(LastRequest(fixture), 200));
        fixture.Time.Advance(179_000);
        Assert.DoesNotContain(fixture.Received(), static m => StackFixture.Name(m) == "NOTIFY");
        fixture.Time.Advance(1_000);
        AssertReport(Assert.IsType<SipRequest>(Assert.Single(fixture.Received(), static m => StackFixture.Name(m) == "NOTIFY")), "SIP/2.0 100 Trying\r\n", "refer", "terminated;reason=timeout");
    }

    // RFC 6665 section 4.2.2: what a NOTIFY meets is the subscription's affair, not the call's.
    [Theory]
    [InlineData(481)]
    [InlineData(405)]
    public async Task Report_ThatThePeerRefuses_EndsTheReportsAndNotTheCall(int status)
    {
        SipIncomingReferral referral = null!;
        await using var fixture = Start(r => Take(r, out referral));
        var call = fixture.Establish();
        fixture.Send(Refer(call, Carol));
        fixture.Send(StackFixture.Response(LastRequest(fixture), status));
        referral.Report(200);
        Assert.Empty(fixture.Received());
        Assert.True(referral.Reported.IsCompletedSuccessfully);
        Assert.Equal(SipCallState.Established, call.State);
    }

    // A blind transfer: who asked hangs up at once, and may still want to know (RFC 5589 section 6.1).
    [Fact]
    public async Task Report_PeerHungUpMeanwhile_TheOutcomeStillGoesOut()
    {
        SipIncomingReferral referral = null!;
        await using var fixture = Start(r => Take(r, out referral));
        var call = fixture.Establish();
        fixture.Send(Refer(call, Carol));
        fixture.Send(StackFixture.Response(LastRequest(fixture), 200));
        fixture.Send(StackFixture.Request("BYE", cseq: 3, toTag: call.LocalTag));
        fixture.Received();
        referral.Report(180);
        Assert.Empty(fixture.Received());
        referral.Report(200);
        AssertReport(fixture.SingleRequest("NOTIFY"), "SIP/2.0 200 OK\r\n", "refer", "terminated;reason=noresource");
    }

    [Fact]
    public async Task CallAsync_TargetAnswers_IsReportedStepByStep()
    {
        SipIncomingReferral referral = null!;
        await using var fixture = Start(r => Take(r, out referral));
        var call = fixture.Establish();
        fixture.Send(Refer(call, "Refer-To: <sip:carol@192.0.2.2?Replaces=abc%3Bto-tag%3D7%3Bfrom-tag%3D8>\nReferred-By: <sip:alice@192.0.2.2>"));
        fixture.Send(StackFixture.Response(LastRequest(fixture), 200));
        var calling = referral.CallAsync(fixture.Outgoing() with { To = referral.Target });
        var invite = fixture.SingleRequest("INVITE");
        Assert.Equal("sip:carol@192.0.2.2", invite.RequestUri.ToString());
        Assert.Equal("abc;to-tag=7;from-tag=8", invite.Headers.Get("Replaces"));
        Assert.Equal("<sip:alice@192.0.2.2>", invite.Headers.Get("Referred-By"));
        Assert.NotEqual(call.CallId, invite.CallId);
        fixture.Send(StackFixture.Response(invite, 180));
        var ringing = fixture.SingleRequest("NOTIFY");
        Assert.Equal("SIP/2.0 180 Ringing\r\n", Encoding.ASCII.GetString(ringing.Body.Span));
        fixture.Send(StackFixture.Response(ringing, 200));
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.NotNull((await calling).Call);
        var sent = await UntilAsync(fixture, 2);
        Assert.Equal("ACK", StackFixture.Name(sent[0]));
        AssertReport(Assert.IsType<SipRequest>(sent[1]), "SIP/2.0 200 OK\r\n", "refer", "terminated;reason=noresource");
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task CallAsync_TargetIsBusy_SaysSo()
    {
        SipIncomingReferral referral = null!;
        await using var fixture = Start(r => Take(r, out referral));
        fixture.Send(Refer(fixture.Establish(), Carol));
        fixture.Send(StackFixture.Response(LastRequest(fixture), 200));
        var calling = referral.CallAsync(fixture.Outgoing() with { To = referral.Target });
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 486));
        Assert.Equal(486, (await calling).StatusCode);
        var sent = await UntilAsync(fixture, 2);
        AssertReport(Assert.IsType<SipRequest>(sent[1]), "SIP/2.0 486 Busy Here\r\n", "refer", "terminated;reason=noresource");
    }

    private static StackFixture Start(Action<SipIncomingReferral>? referred)
    {
        var fixture = new StackFixture(takesReferrals: true);
        fixture.Handler.Referred = referred;
        return fixture;
    }

    private static void Take(SipIncomingReferral taken, out SipIncomingReferral referral)
    {
        taken.Accept();
        referral = taken;
    }

    private static string Refer(SipCall call, string headers, uint cseq = 2) => StackFixture.Request("REFER", cseq, toTag: call.LocalTag, headers: headers);

    private static SipRequest LastRequest(StackFixture fixture) => Assert.IsType<SipRequest>(fixture.Received()[^1]);

    private static async Task<List<SipMessage>> UntilAsync(StackFixture fixture, int count)
    {
        List<SipMessage> messages = [];
        for (var i = 0; i < 500 && messages.Count < count; i++)
        {
            messages.AddRange(fixture.Received());
            await Task.Delay(5);
        }

        Assert.Equal(count, messages.Count);
        return messages;
    }

    private static void AssertReport(SipRequest notify, string body, string @event, string state)
    {
        Assert.Equal("NOTIFY", notify.Method);
        Assert.Equal(body, Encoding.ASCII.GetString(notify.Body.Span));
        Assert.Equal("message/sipfrag", notify.ContentType);
        Assert.Equal(@event, notify.Headers.Get("Event"));
        Assert.StartsWith(state, notify.Headers.Get("Subscription-State"), StringComparison.Ordinal);
    }
}
