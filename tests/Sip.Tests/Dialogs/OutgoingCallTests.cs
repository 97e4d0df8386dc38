namespace VoiceGateway.Sip.Tests.Dialogs;

public class OutgoingCallTests
{
    [Fact]
    public async Task Call_RungAndAnswered_IsAcknowledged()
    {
        await using var fixture = new StackFixture();
        List<int> provisionals = [];
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(onProvisional: r => provisionals.Add(r.StatusCode)) with
        {
            Expires = TimeSpan.FromSeconds(60),
            Headers = [("X-Account", "7")],
        });
        var invite = fixture.SingleRequest("INVITE");
        Assert.Equal("sip:bob@192.0.2.2", invite.RequestUri.ToString());
        Assert.Equal("70", invite.Headers.Get("Max-Forwards"));
        Assert.Equal("60", invite.Headers.Get("Expires"));
        Assert.Equal("7", invite.Headers.Get("X-Account"));
        Assert.Equal("<sip:gw@192.0.2.1:5060>", invite.Contact!.ToString());
        Assert.Equal("application/sdp", invite.ContentType);
        Assert.NotNull(invite.Headers.Get("Allow"));
        Assert.True(invite.TopVia.HasRport);
        Assert.Null(invite.To.Tag);

        fixture.Send(StackFixture.Response(invite, 100, null));
        fixture.Send(StackFixture.Response(invite, 180));
        fixture.Time.Advance(120_000); // how long it rings is the caller's decision
        Assert.Empty(fixture.Received());
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        var result = await calling;
        Assert.Equal(200, result.StatusCode);
        var call = result.Call!;
        Assert.Equal(SipCallState.Established, call.State);
        Assert.False(call.IsIncoming);
        Assert.Equal([100, 180], provisionals);
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);

        var ack = fixture.SingleRequest("ACK");
        Assert.NotEqual(invite.TopVia.Branch, ack.TopVia.Branch);
        Assert.Equal("sip:bob@192.0.2.2:5060", ack.RequestUri.ToString());
        Assert.Equal(new CSeq(1, "ACK"), ack.CSeq);
        Assert.Equal("bobtag", ack.To.Tag);
    }

    [Fact]
    public async Task Ok_Repeated_IsAcknowledgedByTheSameBytes()
    {
        await using var fixture = new StackFixture();
        var (_, invite) = await fixture.EstablishOutgoingAsync();
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        var first = fixture.SingleRequest("ACK");
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.Equal(first.ToString(), fixture.SingleRequest("ACK").ToString());
        Assert.Empty(fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Route_OfTheResponse_IsReversed()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var ok = StackFixture.Response(fixture.SingleRequest("INVITE"), 200, sdp: StackFixture.Sdp());
        ok.Headers.Add("Record-Route", "<sip:192.0.2.51;lr>");
        ok.Headers.Add("Record-Route", "<sip:192.0.2.50;lr>");
        fixture.Send(ok);
        await calling;
        var ack = (SipRequest)Assert.Single(fixture.Received(fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("192.0.2.50"), 5060))));
        Assert.Equal(["<sip:192.0.2.50;lr>", "<sip:192.0.2.51;lr>"], ack.Routes.Select(r => r.ToString()));
    }

    [Fact]
    public async Task Proxy_IsALooseRoute()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = new SipUri("bob", "example.com"), Proxy = new SipUri(null, "192.0.2.60") });
        var flow = fixture.Transport.FlowFrom(new(System.Net.IPAddress.Parse("192.0.2.60"), 5060));
        var invite = (SipRequest)Assert.Single(fixture.Received(flow));
        Assert.Equal("sip:bob@example.com", invite.RequestUri.ToString());
        Assert.Equal("<sip:192.0.2.60;lr>", invite.Routes[0].ToString());
        fixture.Send(StackFixture.Response(invite, 404));
        Assert.Equal(404, (await calling).StatusCode);
        var ack = (SipRequest)Assert.Single(fixture.Received(flow));
        Assert.Equal("<sip:192.0.2.60;lr>", ack.Routes[0].ToString());
    }

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(486)]
    [InlineData(503)]
    [InlineData(603)]
    public async Task Refusal_IsAValue(int status)
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), status));
        var result = await calling;
        Assert.Null(result.Call);
        Assert.Equal(status, result.StatusCode);
        Assert.Equal(status, result.Response!.StatusCode);
        Assert.Equal("ACK", fixture.Heard());
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
    }

    [Fact]
    public async Task Silence_Is408()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        fixture.Time.Advance(32_000);
        Assert.Equal(408, (await calling).StatusCode);
        Assert.Equal(7, fixture.Received().Count);
    }

    [Fact]
    public async Task Unreachable_Is503()
    {
        await using var fixture = new StackFixture();
        fixture.Transport.IsUnreachable = true;
        Assert.Equal(503, (await fixture.Endpoint.CallAsync(fixture.Outgoing())).StatusCode);
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
    }

    [Fact]
    public async Task Calls_BeyondTheCap_Are503()
    {
        await using var fixture = new StackFixture(configure: options => options with { MaxCalls = 1 });
        _ = fixture.Endpoint.CallAsync(fixture.Outgoing());
        Assert.Equal(503, (await fixture.Endpoint.CallAsync(fixture.Outgoing())).StatusCode);
    }

    [Fact]
    public async Task Header_ThatInjects_Throws()
    {
        await using var fixture = new StackFixture();
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Endpoint.CallAsync(fixture.Outgoing() with { Headers = [("X", "a\r\nVia: b")] }));
    }

    [Fact]
    public async Task Cancel_AfterProvisional_SendsCancelAndEndsWith487()
    {
        await using var fixture = new StackFixture();
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(), giveUp.Token);
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 180));
        giveUp.Cancel();
        var cancel = fixture.SingleRequest("CANCEL");
        Assert.Equal(invite.TopVia.ToString(), cancel.TopVia.ToString());
        Assert.Equal(new CSeq(1, "CANCEL"), cancel.CSeq);
        fixture.Send(StackFixture.Response(cancel, 200));
        Assert.False(calling.IsCompleted);
        fixture.Send(StackFixture.Response(invite, 487));
        Assert.Equal(487, (await calling).StatusCode);
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Cancel_BeforeProvisional_WaitsForOne()
    {
        await using var fixture = new StackFixture();
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(), giveUp.Token);
        var invite = fixture.SingleRequest("INVITE");
        giveUp.Cancel();
        Assert.Empty(fixture.Received()); // RFC 3261 section 9.1
        fixture.Send(StackFixture.Response(invite, 100, null));
        fixture.SingleRequest("CANCEL");
        fixture.Send(StackFixture.Response(invite, 487));
        Assert.Equal(487, (await calling).StatusCode);
    }

    [Fact]
    public async Task Cancel_CrossingOk_AcknowledgesAndHangsUp()
    {
        await using var fixture = new StackFixture();
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(), giveUp.Token);
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 180));
        giveUp.Cancel();
        fixture.SingleRequest("CANCEL");
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.Equal("ACK BYE", fixture.Heard());
        Assert.Equal(487, (await calling).StatusCode);
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Cancel_NeverAnswered_EndsAfter64T1()
    {
        await using var fixture = new StackFixture();
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(), giveUp.Token);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 180));
        giveUp.Cancel();
        fixture.Time.Advance(32_000);
        Assert.Equal(487, (await calling).StatusCode);
        Assert.Equal(0, fixture.Endpoint.ActiveTransactions);
    }

    [Fact]
    public async Task Cancel_BeforeItBegan_SendsNothing()
    {
        await using var fixture = new StackFixture();
        Assert.Equal(487, (await fixture.Endpoint.CallAsync(fixture.Outgoing(), new CancellationToken(true))).StatusCode);
        Assert.Empty(fixture.Received());
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
    }

    [Fact]
    public async Task Fork_SecondOk_IsAcknowledgedAndEnded()
    {
        await using var fixture = new StackFixture();
        var (call, invite) = await fixture.EstablishOutgoingAsync();
        fixture.Send(StackFixture.Response(invite, 200, tag: "otherfork", sdp: StackFixture.Sdp()));
        var released = fixture.Received();
        Assert.Equal(["ACK", "BYE"], released.Select(StackFixture.Name));
        Assert.All(released, message => Assert.Equal("otherfork", message.To.Tag));
        Assert.Equal(SipCallState.Established, call.State);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.ForkedAnswersReleased]);
    }

    [Fact]
    public async Task EarlyMedia_IsAcceptedAndAnOkWithoutSdpWillDo()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 183, sdp: StackFixture.Sdp()));
        fixture.Send(StackFixture.Response(invite, 200));
        Assert.NotNull((await calling).Call);
        Assert.Equal(["offer", "accept SendRecv", "accept SendRecv"], fixture.Negotiator.Log); // heard early, then meant
    }

    [Fact]
    public async Task Ok_WithoutAnswer_IsEndedByBye()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 200));
        var result = await calling;
        Assert.Null(result.Call);
        Assert.Equal(488, result.StatusCode);
        Assert.Equal("ACK BYE", fixture.Heard());
    }

    [Fact]
    public async Task LateOffer_IsAnsweredInAck()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(lateOffer: true));
        var invite = fixture.SingleRequest("INVITE");
        Assert.True(invite.Body.IsEmpty);
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.NotNull((await calling).Call);
        var ack = fixture.SingleRequest("ACK");
        Assert.Equal("application/sdp", ack.ContentType);
        Assert.Equal(["answer SendRecv"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task LateOffer_ThatCannotBe_IsAcknowledgedAndEnded()
    {
        await using var fixture = new StackFixture();
        fixture.Negotiator.Refuses = true;
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(lateOffer: true));
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 200, sdp: StackFixture.Sdp()));
        Assert.Equal(488, (await calling).StatusCode);
        Assert.Equal("ACK BYE", fixture.Heard());
    }

    [Fact]
    public async Task Negotiator_ThrowsOnAnswer_AcknowledgesAndHangsUp()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        fixture.Negotiator.Throws = true;
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 200, sdp: StackFixture.Sdp()));
        var heard = fixture.Received();
        Assert.Equal(["ACK", "BYE"], heard.Select(StackFixture.Name));
        fixture.Send(StackFixture.Response((SipRequest)heard[1], 200));
        Assert.Null((await calling).Call);
        Assert.Single(fixture.Faults);
    }

    [Fact]
    public async Task Callback_Throws_GivesTheCallUp()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(onProvisional: _ => throw new InvalidOperationException("callback")));
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 180));
        Assert.Equal(500, (await calling).StatusCode);
        fixture.SingleRequest("CANCEL");
        fixture.Send(StackFixture.Response(invite, 487));
        Assert.Equal("ACK", fixture.Heard());
        fixture.Time.Advance(60_000);
        Assert.Equal(0, fixture.Endpoint.ActiveTransactions);
    }

    [Fact]
    public async Task Callback_Throws_AndLaterProvisionalsLeaveNothing()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(onProvisional: _ => throw new InvalidOperationException("callback")));
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 180));
        await calling;
        fixture.Send(StackFixture.Response(invite, 183, tag: "another"));
        fixture.Send(StackFixture.Response(invite, 487));
        Assert.True(fixture.Stack.Calls.IsEmpty);
        Assert.Single(fixture.Faults);
    }

    [Fact]
    public async Task Bye_OfTheCallee_EndsTheCall()
    {
        await using var fixture = new StackFixture();
        var (call, invite) = await fixture.EstablishOutgoingAsync();
        fixture.Send(StackFixture.WithinOutgoing("BYE", invite, 77));
        Assert.Equal("200", fixture.Heard());
        Assert.Equal(SipCallEndCause.RemoteBye, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Bye_OvertakingTheOk_EndsTheCallAfterItsAck()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 180));
        fixture.Send(StackFixture.WithinOutgoing("BYE", invite, 77));
        Assert.Equal("200", fixture.Heard());
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.Equal("ACK", fixture.Heard());
        Assert.Null((await calling).Call);
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
    }

    [Fact]
    public async Task ReInvite_OfTheCallee_IsAnswered()
    {
        await using var fixture = new StackFixture();
        var (call, invite) = await fixture.EstablishOutgoingAsync();
        fixture.Send(StackFixture.WithinOutgoing("INVITE", invite, 77, StackFixture.Sdp("inactive")));
        Assert.Equal("200", fixture.Heard());
        fixture.Send(StackFixture.WithinOutgoing("ACK", invite, 77));
        Assert.Equal(["answer Inactive"], fixture.Negotiator.Log);
        fixture.Time.Advance(60_000);
        Assert.Empty(fixture.Received());
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task HangUp_SendsBye()
    {
        await using var fixture = new StackFixture();
        var (call, _) = await fixture.EstablishOutgoingAsync();
        var hangingUp = call.HangUpAsync();
        var bye = fixture.SingleRequest("BYE");
        Assert.Equal(2u, bye.CSeq.Number);
        fixture.Send(StackFixture.Response(bye, 200, null));
        await hangingUp;
        Assert.Equal(new SipCallEnd(SipCallEndCause.LocalBye, 200), await call.Completion);
    }

    [Fact]
    public async Task Options_GetsTheAnswerOrNull()
    {
        await using var fixture = new StackFixture();
        var target = new SipUri(null, StackFixture.Peer);
        var asking = fixture.Endpoint.OptionsAsync(target);
        fixture.Send(StackFixture.Response(fixture.SingleRequest("OPTIONS"), 200));
        Assert.Equal(200, (await asking)!.StatusCode);

        asking = fixture.Endpoint.OptionsAsync(target);
        fixture.Time.Advance(32_000);
        Assert.Null(await asking);

        using var giveUp = new CancellationTokenSource();
        asking = fixture.Endpoint.OptionsAsync(target, giveUp.Token);
        giveUp.Cancel();
        Assert.Null(await asking);
    }

    [Fact]
    public async Task Dispose_CompletesEverythingThatIsAwaited()
    {
        var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 180));
        var asking = fixture.Endpoint.OptionsAsync(new SipUri(null, StackFixture.Peer));
        var (call, _) = await EstablishSecondAsync(fixture);
        var info = call.SendRequestAsync("INFO");
        await fixture.DisposeAsync();
        Assert.NotEqual(200, (await calling).StatusCode);
        Assert.Null(await asking);
        Assert.Null(await info);
        Assert.Equal(SipCallEndCause.EndpointClosed, (await call.Completion).Cause);
        Assert.Equal(503, (await fixture.Endpoint.CallAsync(fixture.Outgoing())).StatusCode);
    }

    private static async Task<(SipCall Call, SipRequest Invite)> EstablishSecondAsync(StackFixture fixture)
    {
        fixture.Received();
        return await fixture.EstablishOutgoingAsync();
    }

    /// <summary>RFC 3326 section 2: one for each protocol, in lines of their own or in one.</summary>
    [Fact]
    public async Task Refusal_WithSeveralReasons_TellsThemAll()
    {
        await using var fixture = new StackFixture();
        SipCall? call = null;
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(onProvisional: _ => call = fixture.Stack.Calls.All.Single()));
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 100, null));
        var refusal = StackFixture.Response(invite, 486);
        refusal.Headers.Add("Reason", "SIP;cause=486");
        refusal.Headers.Add("Reason", "Q.850;cause=17");
        fixture.Send(refusal);
        Assert.Equal(486, (await calling).StatusCode);
        Assert.Equal(["SIP", "Q.850"], (await call!.Completion).Reasons.Select(reason => reason.Protocol));
    }
}
