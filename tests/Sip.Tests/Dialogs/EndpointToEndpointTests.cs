using System.Net;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>Whole calls between two endpoints over real sockets.</summary>
public class EndpointToEndpointTests
{
    public static TheoryData<SipTransportKind> Kinds => [SipTransportKind.Udp, SipTransportKind.Tcp];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_HungUpByTheCaller_EndsOnBothSides(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        List<int> provisionals = [];
        pair.Handler.Invited = callee =>
        {
            callee.Ring();
            _ = callee.AnswerAsync(pair.CalleeSession);
        };
        var result = await pair.Caller.CallAsync(pair.To(onProvisional: response => provisionals.Add(response.StatusCode))).WaitAsync(EndpointPair.Patience);
        var call = result.Call!;
        Assert.Equal([100, 180], provisionals);
        Assert.Equal(call.CallId, pair.Incoming.CallId);
        Assert.Equal(kind, pair.Incoming.Transport);
        Assert.Equal("caller", pair.Incoming.RemoteUri.User);

        await call.HangUpAsync("SIP;cause=200;text=\"bye\"").WaitAsync(EndpointPair.Patience);
        Assert.Equal(SipCallEndCause.LocalBye, (await call.Completion).Cause);
        Assert.Equal(new SipCallEnd(SipCallEndCause.RemoteBye, null, "SIP;cause=200;text=\"bye\""), await pair.Incoming.Completion.WaitAsync(EndpointPair.Patience));
        if (kind == SipTransportKind.Tcp)
            Assert.Equal(1, pair.Callee.Counters[SipCounter.ConnectionsAccepted] + pair.Caller.Counters[SipCounter.ConnectionsAccepted]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_HungUpByTheCallee_EndsOnBothSides(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        var call = await pair.EstablishAsync();
        await pair.Incoming.HangUpAsync().WaitAsync(EndpointPair.Patience);
        Assert.Equal(SipCallEndCause.RemoteBye, (await call.Completion.WaitAsync(EndpointPair.Patience)).Cause);
        if (kind == SipTransportKind.Tcp) // the callee's BYE came back on the caller's connection
            Assert.Equal(0, pair.Caller.Counters[SipCounter.ConnectionsAccepted]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_HeldAndResumedByEitherSide_GoesOn(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        var call = await pair.EstablishAsync();
        pair.CallerSession.Direction = MediaDirection.SendOnly;
        Assert.Equal(200, (await call.ReInviteAsync().WaitAsync(EndpointPair.Patience)).StatusCode);
        pair.CallerSession.Direction = MediaDirection.SendRecv;
        Assert.Equal(200, (await call.ReInviteAsync().WaitAsync(EndpointPair.Patience)).StatusCode);
        pair.CalleeSession.Direction = MediaDirection.Inactive;
        Assert.Equal(200, (await pair.Incoming.ReInviteAsync().WaitAsync(EndpointPair.Patience)).StatusCode);
        Assert.Equal(["answer SendRecv", "answer SendOnly", "answer SendRecv", "offer", "accept SendRecv"], pair.CalleeSession.Log);
        await call.HangUpAsync().WaitAsync(EndpointPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_LateOffer_IsAgreedInTheAck(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        var call = await pair.EstablishAsync(lateOffer: true);
        Assert.Equal(["offer", "accept SendRecv"], pair.CalleeSession.Log);
        Assert.Equal(["answer SendRecv"], pair.CallerSession.Log);
        await call.HangUpAsync().WaitAsync(EndpointPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_GivenUpWhileRinging_IsCancelledOnBothSides(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        using var giveUp = new CancellationTokenSource();
        pair.Handler.Invited = callee => callee.Ring();
        var result = await pair.Caller.CallAsync(
            pair.To(onProvisional: response =>
            {
                if (response.StatusCode == 180)
                    giveUp.Cancel();
            }),
            giveUp.Token).WaitAsync(EndpointPair.Patience);
        Assert.Equal(487, result.StatusCode);
        Assert.Equal(SipCallEndCause.Cancelled, (await pair.Incoming.Completion.WaitAsync(EndpointPair.Patience)).Cause);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_CancelRacingTheAnswer_LeavesNoHalfCall(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        pair.Handler.Invited = callee => _ = Task.Run(() => callee.AnswerAsync(pair.CalleeSession));
        for (int i = 0; i < 50; i++)
        {
            using var giveUp = new CancellationTokenSource();
            var calling = pair.Caller.CallAsync(pair.To(), giveUp.Token);
            if (i % 2 == 0)
                await Task.Yield();
            await giveUp.CancelAsync();
            var result = await calling.WaitAsync(EndpointPair.Patience);
            if (result.Call is { } call)
                await call.HangUpAsync().WaitAsync(EndpointPair.Patience);
            else
                Assert.Equal(487, result.StatusCode);
        }

        await UntilAsync(() => pair.Callee.ActiveCalls == 0 && pair.Caller.ActiveCalls == 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_Refused_IsAValue(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        pair.Handler.Invited = callee => callee.Reject(486, null, ("Retry-After", "9"));
        var result = await pair.Caller.CallAsync(pair.To()).WaitAsync(EndpointPair.Patience);
        Assert.Equal(486, result.StatusCode);
        Assert.Equal("9", result.Response!.Headers.Get("Retry-After"));
    }

    [Fact]
    public async Task Call_OverIPv6_Works()
    {
        await using var pair = await EndpointPair.StartAsync(SipTransportKind.Udp, IPAddress.IPv6Loopback);
        var call = await pair.EstablishAsync();
        Assert.Equal(IPAddress.IPv6Loopback, pair.Incoming.LocalAddress);
        await pair.Incoming.HangUpAsync().WaitAsync(EndpointPair.Patience);
        Assert.Equal(SipCallEndCause.RemoteBye, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Call_ToOneself_Works()
    {
        await using var pair = await EndpointPair.StartAsync(SipTransportKind.Udp);
        pair.Handler.Invited = callee => _ = callee.AnswerAsync(pair.CalleeSession);
        var result = await pair.Callee.CallAsync(pair.To()).WaitAsync(EndpointPair.Patience);
        Assert.Equal(200, result.StatusCode);
        await result.Call!.HangUpAsync().WaitAsync(EndpointPair.Patience);
        await pair.Incoming.Completion.WaitAsync(EndpointPair.Patience);
    }

    [Fact]
    public async Task Call_ConnectionLostInBetween_ByeFindsAnother()
    {
        await using var pair = await EndpointPair.StartAsync(SipTransportKind.Tcp);
        var call = await pair.EstablishAsync();
        await pair.Callee.DisposeAsync();
        // The callee said BYE once while it went.
        Assert.Equal(SipCallEndCause.RemoteBye, (await call.Completion.WaitAsync(EndpointPair.Patience)).Cause);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Calls_ManyAtOnce_AllEndAndLeaveNothing(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        pair.Handler.Invited = callee =>
        {
            callee.Ring();
            _ = callee.AnswerAsync(new TestNegotiator());
        };
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (i, _) =>
        {
            var result = await pair.Caller.CallAsync(pair.To() with { Negotiator = new TestNegotiator() }, CancellationToken.None).WaitAsync(EndpointPair.Patience, CancellationToken.None);
            Assert.Equal(200, result.StatusCode);
            await result.Call!.HangUpAsync().WaitAsync(EndpointPair.Patience, CancellationToken.None);
        });
        await UntilAsync(() => pair.Callee.ActiveCalls == 0 && pair.Caller.ActiveCalls == 0);
        Assert.Equal(200, pair.Callee.Counters[SipCounter.IncomingCalls]);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 400 && !condition(); i++)
            await Task.Delay(50);
        Assert.True(condition());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_UpdatedByEitherSide_GoesOn(SipTransportKind kind)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        var call = await pair.EstablishAsync();
        pair.CallerSession.Direction = MediaDirection.SendOnly;
        Assert.Equal(200, (await call.UpdateAsync().WaitAsync(EndpointPair.Patience)).StatusCode);
        Assert.Equal(200, (await pair.Incoming.UpdateAsync(withOffer: false).WaitAsync(EndpointPair.Patience)).StatusCode);
        Assert.Equal(200, (await pair.Incoming.UpdateAsync().WaitAsync(EndpointPair.Patience)).StatusCode);
        Assert.Equal(["answer SendRecv", "answer SendOnly", "offer", "accept SendOnly"], pair.CalleeSession.Log);
        await call.HangUpAsync().WaitAsync(EndpointPair.Patience);
    }

    [Theory]
    [InlineData(SipTransportKind.Udp, false)]
    [InlineData(SipTransportKind.Tcp, false)]
    [InlineData(SipTransportKind.Udp, true)]
    [InlineData(SipTransportKind.Tcp, true)]
    public async Task Call_EarlyMedia_IsAgreedReliablyBeforeTheAnswer(SipTransportKind kind, bool lateOffer)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        List<SipResponse> provisionals = [];
        pair.Handler.Invited = callee =>
        {
            callee.Ring(pair.CalleeSession);
            _ = callee.AnswerAsync(pair.CalleeSession);
        };
        var result = await pair.Caller.CallAsync(pair.To(lateOffer, provisionals.Add)).WaitAsync(EndpointPair.Patience);
        Assert.Equal(200, result.StatusCode);
        Assert.True(result.Response!.Body.IsEmpty); // all was said in the 183 and its PRACK
        Assert.NotNull(provisionals.Find(response => response.StatusCode == 183)!.Headers.Get("RSeq"));
        Assert.Equal(lateOffer ? ["offer", "accept SendRecv"] : ["answer SendRecv"], pair.CalleeSession.Log);
        Assert.Equal(lateOffer ? ["answer SendRecv"] : ["offer", "accept SendRecv"], pair.CallerSession.Log);
        await result.Call!.HangUpAsync().WaitAsync(EndpointPair.Patience);
    }
}
