namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3515: REFER within a call, and the reports that follow it.</summary>
public class ReferTests
{
    private static readonly SipUri Carol = new("carol", "192.0.2.3");

    [Fact]
    public async Task Refer_ReportedUpToSuccess_IsASuccessAndTheCallGoesOn()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        List<int> progress = [];
        var referring = call.ReferAsync(Carol, progress.Add);
        var refer = fixture.SingleRequest("REFER");
        Assert.Equal("<sip:carol@192.0.2.3>", refer.Headers.Get("Refer-To"));
        Assert.Equal("<sip:bob@192.0.2.1>", refer.Headers.Get("Referred-By"));
        Assert.NotNull(refer.Contact);
        fixture.Send(StackFixture.Response(refer, 202));

        Assert.Equal(200, Notify(fixture, 2, "100 Trying"));
        Assert.Equal(200, Notify(fixture, 3, "180 Ringing"));
        Assert.False(referring.IsCompleted);
        Assert.Equal(200, Notify(fixture, 4, "200 OK", state: "terminated;reason=noresource"));
        var result = await referring;
        Assert.Equal((SipReferralEnd.Reported, 200, "OK"), (result.End, result.StatusCode, result.Reason));
        Assert.True(result.IsSuccess);
        Assert.Equal([100, 180], progress);
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Refer_PeerHangsUpAfterItsSuccess_TheEndSaysTransferred()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        _ = call.ReferAsync(Carol);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("REFER"), 202));
        Notify(fixture, 2, "200 OK");
        fixture.Send(StackFixture.Request("BYE", cseq: 3, toTag: call.LocalTag));
        var end = await call.Completion;
        Assert.Equal((SipCallEndCause.RemoteBye, true), (end.Cause, end.IsTransferred));
    }

    [Theory]
    [InlineData(405)]
    [InlineData(501)]
    [InlineData(603)]
    public async Task Refer_Refused_SaysWithWhat(int status)
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var referring = call.ReferAsync(Carol);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("REFER"), status));
        var result = await referring;
        Assert.Equal((SipReferralEnd.Refused, status), (result.End, result.StatusCode));
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Refer_NobodyAnswers_IsRefusedWithoutAStatus()
    {
        await using var fixture = new StackFixture();
        var referring = fixture.Establish().ReferAsync(Carol);
        fixture.Time.Advance(32_000);
        Assert.Equal(new SipReferralResult(SipReferralEnd.Refused), await referring);
    }

    [Fact]
    public async Task Refer_DialogUnknownToThePeer_EndsTheCall()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var referring = call.ReferAsync(Carol);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("REFER"), 481));
        Assert.Equal(481, (await referring).StatusCode);
        Assert.Equal(SipCallEndCause.DialogLost, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Refer_PeerHangsUpBeforeTheOutcome_IsNoSuccess()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var referring = call.ReferAsync(Carol);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("REFER"), 202));
        Notify(fixture, 2, "100 Trying");
        fixture.Send(StackFixture.Request("BYE", cseq: 3, toTag: call.LocalTag));
        Assert.Equal(new SipReferralResult(SipReferralEnd.CallEnded), await referring);
        Assert.False((await call.Completion).IsTransferred);
    }

    [Fact]
    public async Task Refer_BeforeTheCallIsUp_IsNotSent()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Received();
        Assert.Equal(new SipReferralResult(SipReferralEnd.CallEnded), await fixture.Call.ReferAsync(Carol));
        Assert.Empty(fixture.Received());
    }

    // RFC 6665 section 4.1.2.4: the report may overtake the answer.
    [Fact]
    public async Task Notify_BeforeThe202_Counts()
    {
        await using var fixture = new StackFixture();
        var referring = fixture.Establish().ReferAsync(Carol);
        var refer = fixture.SingleRequest("REFER");
        Assert.Equal(200, Notify(fixture, 2, "486 Busy Here"));
        fixture.Send(StackFixture.Response(refer, 202));
        Assert.Equal(486, (await referring).StatusCode);
    }

    [Fact]
    public async Task Notify_Terminated_WithoutAFinalStatus_IsUnreported()
    {
        await using var fixture = new StackFixture();
        var referring = fixture.Establish().ReferAsync(Carol);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("REFER"), 202));
        Notify(fixture, 2, "100 Trying", state: "terminated ; reason=timeout");
        Assert.Equal(new SipReferralResult(SipReferralEnd.Unreported), await referring);
    }

    [Fact]
    public async Task Notify_OfSeveralRefers_IsToldApartByItsId()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var first = call.ReferAsync(Carol);
        var one = fixture.SingleRequest("REFER");
        fixture.Send(StackFixture.Response(one, 202));
        var second = call.ReferAsync(new SipUri("dave", "192.0.2.3"));
        var two = fixture.SingleRequest("REFER");
        fixture.Send(StackFixture.Response(two, 202));

        Notify(fixture, 2, "200 OK", @event: $"refer;id={two.CSeq.Number}");
        Assert.True((await second).IsSuccess);
        Assert.False(first.IsCompleted);
        Notify(fixture, 3, "603 Decline", @event: $"refer;id={one.CSeq.Number}");
        Assert.Equal(603, (await first).StatusCode);
        // Of one that is over: still no reason to tell the peer that there is no such dialog.
        Assert.Equal(200, Notify(fixture, 4, "603 Decline", @event: $"refer;id={one.CSeq.Number}"));
        Assert.Equal(481, Notify(fixture, 5, "200 OK", @event: "refer;id=4711"));
    }

    [Theory]
    [InlineData("refer", 481)]
    [InlineData("message-summary", 489)]
    public async Task Notify_ThatNobodyAskedFor_IsRefusedAndTheCallGoesOn(string @event, int status)
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        Assert.Equal(status, Notify(fixture, 2, "200 OK", @event: @event));
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIP/2.0")]
    [InlineData("SIP/2.0 2000 OK")]
    [InlineData("SIP/2.0 9OO OK")]
    [InlineData("INVITE sip:carol@192.0.2.3 SIP/2.0")]
    [InlineData("\r\nSIP/2.0 200 OK")]
    public async Task Notify_WithoutAStatusLine_IsTakenAndTellsNothing(string body)
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var referring = call.ReferAsync(Carol);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("REFER"), 202));
        fixture.Send(Message(call, 2, body, "refer", "active;expires=60"));
        Assert.Equal(200, fixture.SingleResponse().StatusCode);
        Assert.False(referring.IsCompleted);
    }

    // RFC 4488 section 4: the peer says itself that it will not report.
    [Fact]
    public async Task Refer_WithoutSubscription_IsOverWithThePeersConsent()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var referring = call.ReferAsync(new SipOutgoingReferral(Carol) { NoSubscription = true });
        var refer = fixture.SingleRequest("REFER");
        Assert.Equal("false", refer.Headers.Get("Refer-Sub"));
        Assert.True(refer.Headers.ListContains("Supported", "norefersub"));
        var accepted = StackFixture.Response(refer, 202);
        accepted.Headers.Set("Refer-Sub", "false");
        fixture.Send(accepted);
        Assert.Equal((SipReferralEnd.Accepted, 202), ((await referring).End, (await referring).StatusCode));
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Refer_WithoutSubscription_PeerThatDoesNotKnowOfIt_ReportsAllTheSame()
    {
        await using var fixture = new StackFixture();
        var referring = fixture.Establish().ReferAsync(new SipOutgoingReferral(Carol) { NoSubscription = true });
        fixture.Send(StackFixture.Response(fixture.SingleRequest("REFER"), 202));
        Assert.False(referring.IsCompleted);
        Notify(fixture, 2, "200 OK");
        Assert.True((await referring).IsSuccess);
    }

    // RFC 5589 section 7.1: Refer-To is the Contact of the other call, with Replaces as its peer knows that dialog.
    [Fact]
    public async Task Refer_IntoAnotherCall_NamesItsDialogFromTheFarEnd()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        var (consultation, invite) = await fixture.EstablishOutgoingAsync();
        _ = call.ReferAsync(SipOutgoingReferral.Into(consultation));
        var value = fixture.SingleRequest("REFER").Headers.Get("Refer-To");
        Assert.Equal(
            $"<sip:bob@{StackFixture.Peer}:5060?Replaces={invite.CallId.Replace("@", "%40", StringComparison.Ordinal)}%3Bto-tag%3Dbobtag%3Bfrom-tag%3D{invite.From.Tag}>", value);
        Assert.True(SipNameAddress.TryParse(value, out _));
    }

    [Fact]
    public async Task Into_CallThatNobodyAnswered_Throws()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        // An incoming call has a dialog from the start; an outgoing one only with an answer.
        Assert.NotNull(SipOutgoingReferral.Into(fixture.Call).Replaces);
        Assert.Throws<ArgumentNullException>(() => SipOutgoingReferral.Into(null!));
    }

    private static int Notify(StackFixture fixture, uint cseq, string status, string @event = "refer", string state = "active;expires=60")
    {
        fixture.Send(Message(fixture.Call, cseq, $"SIP/2.0 {status}\r\n", @event, state));
        return fixture.SingleResponse().StatusCode;
    }

    private static string Message(SipCall call, uint cseq, string body, string @event, string state) => StackFixture.Request(
        "NOTIFY", cseq, toTag: call.LocalTag, body: body, contentType: "message/sipfrag;version=2.0",
        headers: $"Event: {@event}\nSubscription-State: {state}");
}
