using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3262 section 3: we ring, the peer acknowledges by PRACK.</summary>
public class ReliableProvisionalTests
{
    private const string Requires = "Require: 100rel";
    private const string Supports = "Supported: 100rel, replaces";

    [Theory]
    [InlineData(Requires)]
    [InlineData(Supports)]
    public async Task Ring_WithoutPrack_IsRepeatedAndThenTheInviteIsRefused(string headers)
    {
        await using var fixture = new StackFixture();
        Invite(fixture, headers);
        fixture.Call.Ring();
        var ringing = fixture.SingleResponse();
        Assert.Equal((180, "100rel"), (ringing.StatusCode, ringing.Headers.Get("Require")));
        Assert.InRange(RSeq(ringing), 1u, (uint)int.MaxValue);
        List<int> repeats = [];
        for (int at = 100; at < 32_000; at += 100)
        {
            fixture.Time.Advance(100);
            if (fixture.Received() is [SipResponse { StatusCode: 180 } again])
            {
                Assert.Equal(RSeq(ringing), RSeq(again));
                repeats.Add(at);
            }
        }

        Assert.Equal([500, 1500, 3500, 7500, 15_500, 31_500], repeats); // doubling, with no ceiling
        fixture.Time.Advance(100);
        Assert.Equal("504", fixture.Heard());
        Assert.Equal(new SipCallEnd(SipCallEndCause.NoPrack, 504), await fixture.Call.Completion);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.ProvisionalsUnacknowledged]);
    }

    [Fact]
    public async Task Prack_EndsTheRepeatsAndIsAnsweredOnce()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring();
        var ringing = fixture.SingleResponse();
        var prack = Prack(fixture, ringing);
        fixture.Send(prack);
        var ok = fixture.SingleResponse();
        Assert.Equal((200, "PRACK"), (ok.StatusCode, ok.CSeq.Method));
        fixture.Send(prack);
        Assert.Equal("200", fixture.Heard()); // the repeat: its transaction answers
        fixture.Send(Prack(fixture, ringing, cseq: 3));
        Assert.Equal("481", fixture.Heard()); // another one for what is acknowledged
        fixture.Time.Advance(40_000);
        Assert.Empty(fixture.Received());
    }

    [Theory]
    [InlineData(1, 1, "INVITE")]
    [InlineData(0, 2, "INVITE")]
    [InlineData(0, 1, "UPDATE")]
    public async Task Prack_ThatMatchesNothing_Is481(int off, int cseq, string method)
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring();
        var rseq = RSeq(fixture.SingleResponse()) + (uint)off;
        fixture.Send(StackFixture.Request("PRACK", cseq: 2, toTag: fixture.Call.LocalTag, headers: $"RAck: {rseq} {cseq} {method}"));
        Assert.Equal("481", fixture.Heard());
        fixture.Time.Advance(500);
        Assert.Equal("180", fixture.Heard());
    }

    [Theory]
    [InlineData("")]
    [InlineData("RAck: x")]
    [InlineData("RAck: 1")]
    [InlineData("RAck: 99999999999 1 INVITE")]
    public async Task Prack_WithoutReadableRAck_Is481(string headers)
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring();
        fixture.Received();
        fixture.Send(StackFixture.Request("PRACK", cseq: 2, toTag: fixture.Call.LocalTag, headers: headers));
        Assert.Equal("481", fixture.Heard());
    }

    [Fact]
    public async Task Prack_OutOfOrder_Is500()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring();
        var ringing = fixture.SingleResponse();
        fixture.Send(StackFixture.Request("OPTIONS", cseq: 9, toTag: fixture.Call.LocalTag));
        fixture.Received();
        fixture.Send(Prack(fixture, ringing, cseq: 2));
        Assert.Equal("500", fixture.Heard());
    }

    [Fact]
    public async Task Peer_WithoutSupport_IsRungAsEver()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, "");
        fixture.Call.Ring();
        var ringing = fixture.SingleResponse();
        Assert.Null(ringing.Headers.Get("RSeq"));
        Assert.Null(ringing.Headers.Get("Require"));
        fixture.Time.Advance(59_000);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Off_SupportIsPassedOverAndRequireIs420()
    {
        await using var fixture = new StackFixture(configure: options => options with { ReliableProvisionals = SipReliableProvisionals.Off });
        Invite(fixture, Supports);
        fixture.Call.Ring();
        var ringing = fixture.SingleResponse();
        Assert.Null(ringing.Headers.Get("RSeq"));
        Assert.DoesNotContain("PRACK", ringing.Headers.GetList("Allow"));
        fixture.Send(StackFixture.Request("INVITE", callId: "c2", body: StackFixture.Sdp(), headers: Requires));
        var refusal = fixture.SingleResponse();
        Assert.Equal((420, "100rel"), (refusal.StatusCode, refusal.Headers.Get("Unsupported")));
    }

    [Fact]
    public async Task Required_PeerWithoutSupport_Is421()
    {
        await using var fixture = new StackFixture(configure: options => options with { ReliableProvisionals = SipReliableProvisionals.Required });
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var refusal = (SipResponse)fixture.Received()[^1];
        Assert.Equal((421, "100rel"), (refusal.StatusCode, refusal.Headers.Get("Require")));
        Assert.Empty(fixture.Handler.Calls);
        Invite(fixture, Supports, "c2");
        Assert.Single(fixture.Handler.Calls);
    }

    [Fact]
    public async Task Second_WaitsForTheFirst()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring();
        fixture.Call.Ring(TestNegotiator.Sdp());
        var first = fixture.SingleResponse();
        Assert.Equal(180, first.StatusCode);
        fixture.Send(Prack(fixture, first));
        var sent = fixture.Received();
        Assert.Equal(["200", "183"], sent.Select(StackFixture.Name));
        Assert.Equal(RSeq(first) + 1, RSeq((SipResponse)sent[1]));
        fixture.Send(Prack(fixture, (SipResponse)sent[1], cseq: 3));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Answer_OvertakesAPlain180_ItsPrackIsTakenStill()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring();
        var ringing = fixture.SingleResponse();
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        Assert.Equal("200", fixture.Heard());
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag));
        Assert.True(await answering);
        fixture.Send(Prack(fixture, ringing));
        Assert.Equal("200", fixture.Heard());
        fixture.Time.Advance(60_000);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Answer_WaitsForThePrackOfASession()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring(fixture.Negotiator);
        var progress = fixture.SingleResponse();
        Assert.Equal(183, progress.StatusCode);
        Assert.False(progress.Body.IsEmpty);
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Call.Ring(); // too late for that
        Assert.Empty(fixture.Received());
        fixture.Send(Prack(fixture, progress));
        var sent = fixture.Received();
        Assert.Equal(["PRACK 200", "INVITE 200"], sent.Select(r => $"{r.CSeq.Method} {StackFixture.Name(r)}"));
        Assert.True(sent[1].Body.IsEmpty); // the answer was in the 183
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag));
        Assert.True(await answering);
        Assert.Equal(["answer SendRecv"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Answer_WaitingForAPrackThatNeverComes_FailsWithTheCall()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring(fixture.Negotiator);
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        Assert.False(await fixture.Call.AnswerAsync(fixture.Negotiator)); // once is enough
        fixture.Time.Advance(32_000);
        Assert.False(await answering);
        Assert.Equal("504", fixture.Heard().Split(' ')[^1]);
    }

    [Fact]
    public async Task Cancel_WhileAwaitingPrack_EndsTheRepeats()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring(fixture.Negotiator);
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Received();
        fixture.Send(StackFixture.Request("CANCEL"));
        Assert.Equal("200 487", fixture.Heard());
        Assert.False(await answering);
        fixture.Send(StackFixture.Request("ACK", toTag: fixture.Call.LocalTag));
        fixture.Time.Advance(60_000);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task InviteWithoutOffer_OursIsInTheReliable183AndTheAnswerInPrack()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Supports, sdp: "");
        fixture.Call.Ring(fixture.Negotiator);
        var progress = fixture.SingleResponse();
        Assert.Contains("m=audio", Encoding.UTF8.GetString(progress.Body.Span), StringComparison.Ordinal);
        var answering = fixture.Call.AnswerAsync(fixture.Negotiator);
        fixture.Send(Prack(fixture, progress, body: StackFixture.Sdp("recvonly")));
        var sent = fixture.Received();
        Assert.Equal(["200", "200"], sent.Select(StackFixture.Name));
        Assert.True(sent[1].Body.IsEmpty);
        fixture.Send(StackFixture.Request("ACK", branch: "a", toTag: fixture.Call.LocalTag));
        Assert.True(await answering);
        Assert.Equal(["offer", "accept RecvOnly"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task InviteWithoutOffer_PrackWithoutAnswer_Is488()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Supports, sdp: "");
        fixture.Call.Ring(fixture.Negotiator);
        fixture.Send(Prack(fixture, fixture.SingleResponse()));
        Assert.Equal("200 488", fixture.Heard());
        Assert.Equal(SipCallEndCause.NegotiationFailed, (await fixture.Call.Completion).Cause);
    }

    [Theory]
    [InlineData(Requires, "")] // it would have to be reliable, and a reliable one to hold an offer
    [InlineData(Supports, "180")]
    public async Task InviteWithoutOffer_RungWithoutSession_IsNotReliable(string headers, string heard)
    {
        await using var fixture = new StackFixture();
        Invite(fixture, headers, sdp: "");
        fixture.Call.Ring();
        Assert.Equal(heard, fixture.Heard());
        _ = fixture.Call.AnswerAsync(fixture.Negotiator);
        Assert.False(fixture.SingleResponse().Body.IsEmpty); // the offer is in the 200
    }

    [Fact]
    public async Task Prack_WithOffer_IsAnsweredInIts200()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring(fixture.Negotiator);
        fixture.Send(Prack(fixture, fixture.SingleResponse(), body: StackFixture.Sdp("sendonly")));
        Assert.False(fixture.SingleResponse().Body.IsEmpty);
        Assert.Equal(["answer SendRecv", "answer SendOnly"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Prack_WithUnusableOffer_Is488ButAcknowledges()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring(fixture.Negotiator);
        var progress = fixture.SingleResponse();
        fixture.Negotiator.Refuses = true;
        fixture.Send(Prack(fixture, progress, body: StackFixture.Sdp()));
        Assert.Equal("488", fixture.Heard());
        fixture.Time.Advance(40_000);
        Assert.Empty(fixture.Received());
        Assert.Equal(SipCallState.Ringing, fixture.Call.State);
    }

    [Fact]
    public async Task Ringing_GoesOnEveryMinuteWithNumbersOfItsOwn()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Call.Ring();
        var first = fixture.SingleResponse();
        fixture.Send(Prack(fixture, first));
        fixture.Received();
        fixture.Time.Advance(60_000);
        Assert.Equal(RSeq(first) + 1, RSeq(fixture.SingleResponse()));
    }

    [Fact]
    public async Task Ring_WithNegotiatorUnreliably_PreviewsTheAnswerOfThe200()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, "");
        fixture.Call.Ring(fixture.Negotiator);
        var progress = fixture.SingleResponse();
        Assert.Equal(183, progress.StatusCode);
        _ = fixture.Call.AnswerAsync(fixture.Negotiator);
        Assert.Equal(Encoding.UTF8.GetString(progress.Body.Span), Encoding.UTF8.GetString(fixture.SingleResponse().Body.Span));
        Assert.Equal(["answer SendRecv"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Ring_WithNegotiatorThatFindsNothing_Is488()
    {
        await using var fixture = new StackFixture();
        Invite(fixture, Requires);
        fixture.Negotiator.Refuses = true;
        fixture.Call.Ring(fixture.Negotiator);
        Assert.Equal("488", fixture.Heard());
    }

    private static void Invite(StackFixture fixture, string headers, string callId = "c1", string? sdp = null)
    {
        fixture.Send(StackFixture.Request("INVITE", callId: callId, body: sdp ?? StackFixture.Sdp(), headers: headers));
        Assert.Equal("100", fixture.Heard());
    }

    private static string Prack(StackFixture fixture, SipResponse provisional, uint cseq = 2, string body = "") =>
        StackFixture.Request("PRACK", cseq, toTag: fixture.Call.LocalTag, body: body, headers: $"RAck: {RSeq(provisional)} {provisional.CSeq}");

    private static uint RSeq(SipResponse response) => uint.Parse(response.Headers.Get("RSeq")!, System.Globalization.CultureInfo.InvariantCulture);
}
