namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3263 section 4.3: where an INVITE goes when a place fails.</summary>
public class OutgoingFailoverTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silence_GoesOnToTheNextHop(bool isLimited)
    {
        var limit = isLimited ? TimeSpan.FromSeconds(8) : (TimeSpan?)null;
        await using var fixture = new StackFixture(configure: options => Trunk.Configure(options) with { SilentHopLimit = limit });
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Time.Advance(isLimited ? 7_900 : 31_900);
        Assert.Empty(fixture.Received(fixture.At(Trunk.Second)));
        fixture.Time.Advance(200);
        var first = fixture.LastRequestAt(Trunk.First);
        var second = fixture.SingleRequestAt(Trunk.Second, "INVITE");
        Assert.Equal(first.CallId, second.CallId);
        Assert.Equal(first.CSeq, second.CSeq);
        Assert.Equal(first.From.ToString(), second.From.ToString());
        Assert.Equal(first.Body.ToArray(), second.Body.ToArray());
        Assert.NotEqual(first.TopVia.Branch, second.TopVia.Branch);

        fixture.Send(StackFixture.Response(second, 200, sdp: StackFixture.Sdp()));
        var call = (await calling).Call!;
        Assert.Equal(Trunk.Second, call.PeerEndPoint.Address.ToString());
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.HopsFailedOver]);
        Assert.Equal(Trunk.First, Assert.Single(fixture.Endpoint.ListedHops).EndPoint.Address.ToString());

        // The next call does not wait for the same silence.
        _ = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        Assert.Empty(fixture.Received(fixture.At(Trunk.First)));
        fixture.SingleRequestAt(Trunk.Second, "INVITE");
    }

    [Fact]
    public async Task Trying_IsAnAnswer()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        _ = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.First, "INVITE"), 100, null));
        fixture.Time.Advance(120_000);
        Assert.Empty(fixture.Received(fixture.At(Trunk.Second)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unavailable_GoesOnToTheNextHop(bool saysTrying)
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        var invite = fixture.SingleRequestAt(Trunk.First, "INVITE");
        if (saysTrying)
            fixture.Send(StackFixture.Response(invite, 100, null));
        var full = StackFixture.Response(invite, 503);
        full.Headers.Set("Retry-After", "120 (full) ;duration=60");
        fixture.Send(full);
        fixture.SingleRequestAt(Trunk.First, "ACK");
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.Second, "INVITE"), 200, sdp: StackFixture.Sdp()));
        Assert.NotNull((await calling).Call);
        Assert.Equal(120, Assert.Single(fixture.Endpoint.ListedHops).Remaining.TotalSeconds, 0.1);
    }

    [Fact]
    public async Task Unavailable_AfterRinging_IsTheOutcome()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        var invite = fixture.SingleRequestAt(Trunk.First, "INVITE");
        fixture.Send(StackFixture.Response(invite, 180));
        fixture.Send(StackFixture.Response(invite, 503));
        Assert.Equal(503, (await calling).StatusCode);
        Assert.Empty(fixture.Received(fixture.At(Trunk.Second)));
    }

    [Fact]
    public async Task Unavailable_Everywhere_IsTheOutcome()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.First, "INVITE"), 503));
        var full = StackFixture.Response(fixture.SingleRequestAt(Trunk.Second, "INVITE"), 503);
        full.Headers.Set("Retry-After", "7");
        fixture.Send(full);
        var result = await calling;
        Assert.Equal(503, result.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), result.RetryAfter);
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
    }

    [Fact]
    public async Task Silence_Everywhere_Is408()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Time.Advance(8_000 + 32_000);
        Assert.Equal(408, (await calling).StatusCode);
        Assert.Equal(Trunk.Second, Assert.Single(fixture.Endpoint.ListedHops).EndPoint.Address.ToString()); // the first has served its time
    }

    [Theory]
    [InlineData(404)]
    [InlineData(486)]
    [InlineData(500)]
    [InlineData(603)]
    public async Task OtherRefusals_AreTheOutcome(int status)
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.First, "INVITE"), status));
        Assert.Equal(status, (await calling).StatusCode);
        Assert.Empty(fixture.Endpoint.ListedHops);
    }

    [Fact]
    public async Task Connection_LostBeforeAnyAnswer_IsOpenedOnceMore()
    {
        await using var fixture = new StackFixture(SipTransportKind.Tcp, Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri.WithParameter("transport", "tcp") });
        var first = fixture.SingleRequestAt(Trunk.First, "INVITE");
        fixture.Transport.Break(fixture.At(Trunk.First).RemoteEndPoint);
        var again = fixture.SingleRequestAt(Trunk.First, "INVITE");
        Assert.Equal((first.CallId, first.CSeq), (again.CallId, again.CSeq));
        Assert.NotEqual(first.TopVia.Branch, again.TopVia.Branch);
        fixture.Transport.Break(fixture.At(Trunk.First).RemoteEndPoint);
        Assert.Empty(fixture.Received(fixture.At(Trunk.First)));
        var second = fixture.SingleRequestAt(Trunk.Second, "INVITE");
        fixture.Send(StackFixture.Response(second, 100, null));
        fixture.Transport.Break(fixture.At(Trunk.Second).RemoteEndPoint); // it will call back
        Assert.Empty(fixture.Received(fixture.At(Trunk.Second)));
        fixture.Send(StackFixture.Response(second, 486));
        Assert.Equal(486, (await calling).StatusCode);
    }

    [Fact]
    public async Task Cancel_DuringSilence_TriesNobodyElse()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri }, giveUp.Token);
        fixture.Time.Advance(1_000);
        giveUp.Cancel();
        fixture.Time.Advance(32_000);
        Assert.Equal(487, (await calling).StatusCode);
        Assert.Empty(fixture.Received(fixture.At(Trunk.Second)));
    }

    [Fact]
    public async Task Cancel_OnTheSecondHop_GoesThere()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri }, giveUp.Token);
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.First, "INVITE"), 503));
        var invite = fixture.SingleRequestAt(Trunk.Second, "INVITE");
        fixture.Send(StackFixture.Response(invite, 180));
        giveUp.Cancel();
        Assert.Equal(invite.TopVia.Branch, fixture.SingleRequestAt(Trunk.Second, "CANCEL").TopVia.Branch);
        fixture.Send(StackFixture.Response(invite, 487));
        Assert.Equal(487, (await calling).StatusCode);
    }

    [Fact]
    public async Task Silence_ThatEndsInRinging_IsCancelled()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Time.Advance(8_000);
        var left = fixture.LastRequestAt(Trunk.First);
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.Second, "INVITE"), 200, sdp: StackFixture.Sdp()));
        Assert.Equal(Trunk.Second, (await calling).Call!.PeerEndPoint.Address.ToString());
        fixture.Send(StackFixture.Response(left, 180, "late"));
        var cancel = fixture.SingleRequestAt(Trunk.First, "CANCEL");
        Assert.Equal(left.TopVia.Branch, cancel.TopVia.Branch);
        fixture.Send(StackFixture.Response(left, 183, "late"));
        Assert.Empty(fixture.Received(fixture.At(Trunk.First)));
        fixture.Send(StackFixture.Response(cancel, 200, "late"));
        fixture.Send(StackFixture.Response(left, 487, "late"));
        Assert.Equal("ACK", fixture.Heard(fixture.At(Trunk.First)));
    }

    [Fact]
    public async Task Silence_ThatEndsInRinging_IsNotWaitedForWithoutEnd()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Time.Advance(8_000);
        var left = fixture.LastRequestAt(Trunk.First);
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.Second, "INVITE"), 486));
        Assert.Equal(486, (await calling).StatusCode);
        fixture.Send(StackFixture.Response(left, 100, null));
        fixture.Time.Advance(40_000);
        Assert.Equal(0, fixture.Endpoint.ActiveTransactions);
    }

    [Fact]
    public async Task Silence_ThatEndsInAnAnswer_IsAcknowledgedAndHungUp()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Time.Advance(8_000);
        var left = fixture.LastRequestAt(Trunk.First);
        var contact = $"<sip:bob@{Trunk.First}:5060>";
        fixture.Send(StackFixture.Response(left, 200, "late", StackFixture.Sdp(), contact));
        var heard = fixture.Received(fixture.At(Trunk.First));
        Assert.Equal(["ACK", "BYE"], heard.Select(StackFixture.Name));
        fixture.Send(StackFixture.Response((SipRequest)heard[1], 200, null));
        fixture.Send(StackFixture.Response(left, 200, "late", StackFixture.Sdp(), contact));
        Assert.Equal("ACK", fixture.Heard(fixture.At(Trunk.First)));
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.Second, "INVITE"), 200, sdp: StackFixture.Sdp()));
        Assert.Equal(Trunk.Second, (await calling).Call!.PeerEndPoint.Address.ToString());
    }

    /// <summary>RFC 6157 section 3: the offer names an address of one family.</summary>
    [Fact]
    public async Task Failover_StaysWithTheFamilyOfTheOffer()
    {
        const string Other = "2001:db8::71";
        await using var fixture = new StackFixture(configure: options => options with
        {
            Resolution = new SipResolutionOptions
            {
                Hosts = new Dictionary<string, IReadOnlyList<System.Net.IPAddress>>
                {
                    ["trunk.test"] = [.. new[] { Trunk.First, Other, Trunk.Second }.Select(System.Net.IPAddress.Parse)],
                },
            },
        });
        var other = new MemoryTransport(local: "2001:db8::1");
        fixture.Stack.Transports.Add(other, fixture.Stack);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = Trunk.Uri });
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.First, "INVITE"), 503));
        Assert.Empty(other.AllSent());
        fixture.Send(StackFixture.Response(fixture.SingleRequestAt(Trunk.Second, "INVITE"), 503));
        Assert.Single(other.AllSent()); // the last resort
        var invite = (SipRequest)Assert.Single(fixture.Received(other.FlowFrom(new(System.Net.IPAddress.Parse(Other), 5060))));
        fixture.Send(StackFixture.Response(invite, 486));
        Assert.Equal(486, (await calling).StatusCode);
    }
}
