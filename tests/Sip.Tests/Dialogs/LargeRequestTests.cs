using System.Net;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3261 section 18.1.1: INVITEs that are too large for UDP.</summary>
public class LargeRequestTests
{
    private static readonly IPEndPoint PeerEndPoint = new(IPAddress.Parse(StackFixture.Peer), 5060);

    [Fact]
    public async Task ConnectionThatLetsNothingThrough_IsGivenUpForUdp()
    {
        await using var fixture = new StackFixture();
        var tcp = AddTcp(fixture);
        var calling = fixture.Endpoint.CallAsync(Large(fixture, 2_000));
        for (int connection = 0; connection < 2; connection++)
        {
            Assert.Single(fixture.Received(tcp.FlowFrom(PeerEndPoint)));
            tcp.Break(PeerEndPoint);
        }

        Assert.Empty(tcp.AllSent());
        var invite = fixture.SingleRequest("INVITE");
        Assert.Equal("UDP", invite.TopVia.Transport);
        Assert.DoesNotContain("tcp", invite.Contact!.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(fixture.Endpoint.ListedHops);
        fixture.Send(StackFixture.Response(invite, 486));
        Assert.Equal(486, (await calling).StatusCode);
        fixture.Received();

        _ = fixture.Endpoint.CallAsync(Large(fixture, 2_000));
        Assert.Empty(tcp.AllSent()); // it is known by now
        fixture.SingleRequest("INVITE");
    }

    [Fact]
    public async Task Cancel_WhileAConnectionIsOpened_EndsTheCallAtOnce()
    {
        await using var fixture = new StackFixture();
        var tcp = AddTcp(fixture);
        var opening = new TaskCompletionSource();
        tcp.Opening = opening.Task;
        var probing = fixture.Endpoint.CallAsync(Large(fixture, 1));
        var probe = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(probe, 486));
        await probing;
        fixture.Received();

        // With credentials it no longer fits.
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(Large(fixture, 1_280 - probe.ToBytes().Length) with { Credentials = new SipCredentials("gw", "secret") }, giveUp.Token);
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 100, null));
        fixture.Send(OutgoingChallengeTests.Challenge(invite, 401, "n1"));
        Assert.Equal("ACK", fixture.Heard());
        Assert.False(calling.IsCompleted);
        giveUp.Cancel();
        Assert.Equal(487, (await calling.WaitAsync(TimeSpan.FromSeconds(10))).StatusCode);
        opening.SetResult();
        Assert.Equal(0, fixture.Endpoint.ActiveCalls);
        Assert.Empty(fixture.Received());
        Assert.DoesNotContain(tcp.AllSent(), text => text.StartsWith("INVITE", StringComparison.Ordinal));
    }

    private static MemoryTransport AddTcp(StackFixture fixture)
    {
        var tcp = new MemoryTransport(SipTransportKind.Tcp);
        fixture.Stack.Transports.Add(tcp, fixture.Stack);
        return tcp;
    }

    private static SipOutgoingCall Large(StackFixture fixture, int bytes) => fixture.Outgoing() with { Headers = [("X-Pad", new string('x', bytes))] };
}
