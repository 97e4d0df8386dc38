namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>Provisional responses to our INVITE that want a PRACK (RFC 3262 sections 4 and 5), and the early dialogs that they make.</summary>
public class EarlyDialogTests
{
    [Fact]
    public async Task Answer_InAReliableResponse_IsAcknowledgedAndCounts()
    {
        await using var fixture = new StackFixture();
        List<int> heard = [];
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(onProvisional: response => heard.Add(response.StatusCode)));
        var invite = fixture.SingleRequest("INVITE");
        Assert.True(invite.Headers.ListContains("Supported", "100rel"));
        var progress = Reliable(invite, 183, 4711, sdp: StackFixture.Sdp());
        fixture.Send(progress);
        var prack = fixture.SingleRequest("PRACK");
        Assert.Equal("4711 1 INVITE", prack.Headers.Get("RAck"));
        Assert.Equal("sip:bob@192.0.2.2:5060", prack.RequestUri.ToString());
        Assert.Equal("bobtag", prack.To.Tag);
        Assert.Equal(2u, prack.CSeq.Number);
        Assert.True(prack.Body.IsEmpty);
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);

        fixture.Send(progress); // crossed the PRACK
        Assert.Empty(fixture.Received());
        fixture.Send(StackFixture.Response(prack, 200, null));
        fixture.Send(progress);
        Assert.Empty(fixture.Received());
        Assert.Equal([183], heard);

        fixture.Send(StackFixture.Response(invite, 200));
        var call = (await calling).Call!;
        Assert.Equal("ACK", fixture.Heard());
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);
        _ = call.HangUpAsync();
        Assert.Equal(3u, fixture.SingleRequest("BYE").CSeq.Number); // the PRACK had 2
    }

    [Fact]
    public async Task Answer_RepeatedInTheOk_IsNotLookedAt()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(Reliable(invite, 183, 1, sdp: StackFixture.Sdp()));
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp("inactive")));
        Assert.NotNull((await calling).Call);
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);
    }

    [Fact]
    public async Task Gap_WaitsForTheMissingOne()
    {
        await using var fixture = new StackFixture();
        List<int> heard = [];
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(onProvisional: response => heard.Add(response.StatusCode)));
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(Reliable(invite, 183, 5));
        Assert.Equal("5 1 INVITE", fixture.SingleRequest("PRACK").Headers.Get("RAck"));
        fixture.Send(Reliable(invite, 181, 7));
        Assert.Empty(fixture.Received());
        fixture.Send(Reliable(invite, 180, 6));
        Assert.Equal("6 1 INVITE", fixture.SingleRequest("PRACK").Headers.Get("RAck"));
        fixture.Send(Reliable(invite, 183, 5));
        Assert.Empty(fixture.Received());
        fixture.Send(Reliable(invite, 181, 7));
        var last = fixture.SingleRequest("PRACK");
        Assert.Equal("7 1 INVITE", last.Headers.Get("RAck"));
        Assert.Equal(4u, last.CSeq.Number);
        Assert.Equal([183, 180, 181], heard);
        Assert.Equal(2, fixture.Endpoint.Counters[SipCounter.ProvisionalsOutOfOrder]);
        fixture.Send(StackFixture.Response(invite, 486));
        Assert.Equal(486, (await calling).StatusCode);
    }

    [Fact]
    public async Task Repeat_AfterThePrackWasLost_IsAcknowledgedAgain()
    {
        await using var fixture = new StackFixture();
        _ = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(Reliable(invite, 183, 5));
        fixture.Time.Advance(32_000);
        fixture.Received();
        fixture.Send(Reliable(invite, 183, 5));
        var prack = fixture.SingleRequest("PRACK");
        Assert.Equal("5 1 INVITE", prack.Headers.Get("RAck"));
        Assert.Equal(3u, prack.CSeq.Number);
    }

    [Theory]
    [InlineData("100rel", "")]
    [InlineData("100rel", "0")]
    [InlineData("100rel", "4294967296")]
    [InlineData("100rel", "x")]
    [InlineData("", "5")]
    public async Task Response_ThatIsNotReliable_GetsNoPrack(string require, string sequence)
    {
        await using var fixture = new StackFixture();
        _ = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var response = StackFixture.Response(fixture.SingleRequest("INVITE"), 183);
        if (require.Length > 0)
            response.Headers.Set("Require", require);
        if (sequence.Length > 0)
            response.Headers.Set("RSeq", sequence);
        fixture.Send(response);
        Assert.Empty(fixture.Received());
        Assert.Empty(fixture.Faults);
    }

    [Fact]
    public async Task LateOffer_InAReliableResponse_IsAnsweredInPrack()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(lateOffer: true));
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(Reliable(invite, 183, 1, sdp: StackFixture.Sdp("sendonly")));
        var prack = fixture.SingleRequest("PRACK");
        Assert.Equal("application/sdp", prack.ContentType);
        fixture.Send(StackFixture.Response(prack, 200, null));
        fixture.Send(StackFixture.Response(invite, 200));
        Assert.NotNull((await calling).Call);
        Assert.True(fixture.SingleRequest("ACK").Body.IsEmpty);
        Assert.Equal(["answer SendOnly"], fixture.Negotiator.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_ThatCannotBe_IsAcknowledgedAndCancelled(bool lateOffer)
    {
        await using var fixture = new StackFixture();
        fixture.Negotiator.Refuses = true;
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(lateOffer));
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(Reliable(invite, 183, 1, sdp: StackFixture.Sdp()));
        Assert.Equal("PRACK CANCEL", fixture.Heard());
        fixture.Send(StackFixture.Response(invite, 487));
        Assert.Equal(488, (await calling).StatusCode);
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Forks_AreToldApart()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(Reliable(invite, 183, 100, "one", StackFixture.Sdp("recvonly"), "<sip:one@192.0.2.2>"));
        fixture.Send(Reliable(invite, 183, 7, "two", StackFixture.Sdp("sendonly"), "<sip:two@192.0.2.2>"));
        fixture.Send(Reliable(invite, 180, 101, "one", null, "<sip:one@192.0.2.2>"));
        var pracks = fixture.Received().Cast<SipRequest>().ToList();
        Assert.Equal(["100 1 INVITE", "7 1 INVITE", "101 1 INVITE"], pracks.Select(prack => prack.Headers.Get("RAck")));
        Assert.Equal(["one", "two", "one"], pracks.Select(prack => prack.RequestUri.User));
        Assert.Equal([2u, 2u, 3u], pracks.Select(prack => prack.CSeq.Number));

        fixture.Send(StackFixture.Response(invite, 200, tag: "one"));
        var call = (await calling).Call!;
        Assert.Equal("ACK", fixture.Heard());
        Assert.Equal(["offer", "accept RecvOnly", "accept SendOnly", "accept RecvOnly"], fixture.Negotiator.Log); // back to who answered

        fixture.Send(StackFixture.Response(invite, 200, tag: "two"));
        var released = fixture.Received().Cast<SipRequest>().ToList();
        Assert.Equal(["ACK", "BYE"], released.Select(StackFixture.Name));
        Assert.Equal(3u, released[1].CSeq.Number);
        _ = call.HangUpAsync();
        Assert.Equal(4u, fixture.SingleRequest("BYE").CSeq.Number);
    }

    [Fact]
    public async Task Route_OfTheOk_ReplacesTheEarlyOne()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        var progress = Reliable(invite, 183, 1, sdp: StackFixture.Sdp());
        progress.Headers.Add("Record-Route", "<sip:192.0.2.50;lr>");
        fixture.Send(progress);
        Assert.Equal("<sip:192.0.2.50;lr>", fixture.SingleRequestAt("192.0.2.50", "PRACK").Routes[0].ToString());
        fixture.Send(StackFixture.Response(invite, 200));
        await calling;
        Assert.Empty(fixture.SingleRequest("ACK").Routes);
    }

    [Fact]
    public async Task EarlyDialogTerminated_LeavesTheOthers()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 180, tag: "one"));
        fixture.Send(StackFixture.Response(invite, 199, tag: "one")); // RFC 6228
        fixture.Send(StackFixture.Response(invite, 200, tag: "two", sdp: StackFixture.Sdp()));
        Assert.NotNull((await calling).Call);
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Branches_WithoutEnd_AreHeardAndNotKept()
    {
        await using var fixture = new StackFixture();
        int heard = 0;
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(onProvisional: _ => heard++));
        var invite = fixture.SingleRequest("INVITE");
        for (int i = 0; i < 200; i++)
            fixture.Send(Reliable(invite, 183, 1, $"branch{i}"));
        Assert.Equal(200, heard);
        Assert.Equal(32, fixture.Received().Count);
        fixture.Send(StackFixture.Response(invite, 200, tag: "branch150", sdp: StackFixture.Sdp()));
        Assert.NotNull((await calling).Call);
    }

    [Fact]
    public async Task Answers_WithoutEnd_AreNotAllAcknowledged()
    {
        await using var fixture = new StackFixture();
        var (call, invite) = await fixture.EstablishOutgoingAsync();
        for (int i = 0; i < 200; i++)
            fixture.Send(StackFixture.Response(invite, 200, tag: $"branch{i}", sdp: StackFixture.Sdp()));
        Assert.Equal(31, fixture.Received().Count(message => StackFixture.Name(message) == "ACK"));
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Cancel_WithAPrackUnderWay_EndsBoth()
    {
        await using var fixture = new StackFixture();
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(), giveUp.Token);
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(Reliable(invite, 183, 1, sdp: StackFixture.Sdp()));
        var prack = fixture.SingleRequest("PRACK");
        giveUp.Cancel();
        fixture.SingleRequest("CANCEL");
        fixture.Send(Reliable(invite, 180, 2)); // nobody listens any more
        Assert.Empty(fixture.Received());
        fixture.Send(StackFixture.Response(prack, 481, null));
        fixture.Send(StackFixture.Response(invite, 487));
        Assert.Equal(487, (await calling).StatusCode);
        Assert.True(fixture.Stack.Calls.IsEmpty);
    }

    private static SipResponse Reliable(SipRequest invite, int status, uint sequence, string tag = "bobtag", string? sdp = null, string contact = $"<sip:bob@{StackFixture.Peer}:5060>")
    {
        var response = StackFixture.Response(invite, status, tag, sdp, contact);
        response.Headers.Set("Require", "100rel");
        response.Headers.Set("RSeq", sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }
}
