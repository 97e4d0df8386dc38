using System.Net;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>A call keeps the connection open that its peer uses, and no other.</summary>
public class CallConnectionTests
{
    [Fact]
    public async Task Incoming_PeerComesByAnotherConnection_TheUseFollows()
    {
        await using var fixture = new StackFixture(SipTransportKind.Tcp);
        var call = fixture.Establish();
        var other = fixture.Transport.FlowFrom(new IPEndPoint(IPAddress.Parse(StackFixture.Peer), 40_000));
        Assert.Equal((1, 0), (fixture.From.Uses, other.Uses));

        fixture.Send(StackFixture.Request("INVITE", 2, toTag: call.LocalTag, body: StackFixture.Sdp(), transport: "TCP"), other);
        Assert.Equal((0, 1), (fixture.From.Uses, other.Uses));
        fixture.Send(StackFixture.Request("ACK", 2, branch: "ack2", toTag: call.LocalTag, transport: "TCP"), other);
        fixture.Send(StackFixture.Request("BYE", 3, toTag: call.LocalTag, transport: "TCP"), other);
        Assert.Equal((0, 0), (fixture.From.Uses, other.Uses));
    }

    [Fact]
    public async Task Outgoing_PeerComesByAnotherConnection_TheUseFollows()
    {
        await using var fixture = new StackFixture(SipTransportKind.Tcp);
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { To = new SipUri("bob", StackFixture.Peer).WithParameter("transport", "tcp") });
        var invite = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.NotNull((await calling).Call);
        var other = fixture.Transport.FlowFrom(new IPEndPoint(IPAddress.Parse(StackFixture.Peer), 40_000));
        Assert.Equal((1, 0), (fixture.From.Uses, other.Uses));

        fixture.Send(StackFixture.WithinOutgoing("INVITE", invite, 1, StackFixture.Sdp()), other);
        Assert.Equal((0, 1), (fixture.From.Uses, other.Uses));
        fixture.Send(StackFixture.WithinOutgoing("BYE", invite, 2), other);
        Assert.Equal((0, 0), (fixture.From.Uses, other.Uses));
    }
}
