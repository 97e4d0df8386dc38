using System.Net;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3261 section 12: routes in both directions, targets, sequence numbers.</summary>
public class SipDialogTests
{
    [Theory]
    [InlineData("<sip:p1.example.com;lr>,<sip:p2.example.com;lr>", "sip:alice@192.0.2.2:5060", "<sip:p1.example.com;lr> <sip:p2.example.com;lr>")]
    [InlineData("<sip:p1.example.com;lr>,<sip:p2.example.com>", "sip:alice@192.0.2.2:5060", "<sip:p1.example.com;lr> <sip:p2.example.com>")]
    [InlineData("<sip:p1.example.com>,<sip:p2.example.com;lr>", "sip:p1.example.com", "<sip:p2.example.com;lr> <sip:alice@192.0.2.2:5060>")]
    [InlineData("<sip:p1.example.com;method=INVITE?Subject=x>", "sip:p1.example.com", "<sip:alice@192.0.2.2:5060>")]
    public void Incoming_RecordRoute_IsTheRouteAsItStands(string recordRoute, string uri, string routes)
    {
        var dialog = SipDialog.OfIncoming(Invite($"Record-Route: {recordRoute}"), "us", Flow());
        var bye = dialog.CreateRequest("BYE");
        Assert.Equal(uri, bye.RequestUri.ToString());
        Assert.Equal(routes, string.Join(' ', bye.Routes.Select(route => route.ToString())));
        Assert.Equal("p1.example.com", dialog.NextHop.Host);
    }

    [Theory]
    [InlineData("<sip:p2.example.com;lr>,<sip:p1.example.com;lr>", "sip:bob@192.0.2.9", "<sip:p1.example.com;lr> <sip:p2.example.com;lr>")]
    [InlineData("<sip:p2.example.com;lr>,<sip:p1.example.com>", "sip:p1.example.com", "<sip:p2.example.com;lr> <sip:bob@192.0.2.9>")]
    public void Outgoing_RecordRoute_IsTheRouteReversed(string recordRoute, string uri, string routes)
    {
        var invite = Invite("");
        var response = invite.CreateResponse(200, toTag: "them");
        foreach (var route in recordRoute.Split(','))
            response.Headers.Add("Record-Route", route);
        response.Headers.Set("Contact", "<sip:bob@192.0.2.9>");
        var ack = SipDialog.OfOutgoing(invite, response, Flow()).CreateAck(1);
        Assert.Equal(uri, ack.RequestUri.ToString());
        Assert.Equal(routes, string.Join(' ', ack.Routes.Select(route => route.ToString())));
    }

    [Fact]
    public void Sequence_OfThePeer_MayLeapButNotGoBack()
    {
        var dialog = SipDialog.OfIncoming(Invite(""), "us", Flow());
        Assert.True(dialog.TryAdvance(5));
        Assert.False(dialog.TryAdvance(4));
        Assert.True(dialog.TryAdvance(int.MaxValue));
    }

    [Fact]
    public void Sequence_OfThePeerOfAnOutgoingCall_BeginsWhereItLikes()
    {
        var invite = Invite("");
        var dialog = SipDialog.OfOutgoing(invite, invite.CreateResponse(200, toTag: "them"), Flow());
        Assert.True(dialog.TryAdvance(77));
        Assert.False(dialog.TryAdvance(76));
        Assert.Equal(2u, dialog.CreateRequest("INFO").CSeq.Number);
    }

    [Fact]
    public async Task Sips_OurContactIsSipsToo()
    {
        await using var fixture = new StackFixture(SipTransportKind.Tls);
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), transport: "TLS", uri: "sips:bob@192.0.2.1"));
        Assert.Equal("<sips:bob@192.0.2.1:5060>", fixture.Received()[^1].Contact!.ToString());
    }

    [Fact]
    public async Task Sip_OverTls_OurContactIsSip()
    {
        await using var fixture = new StackFixture(SipTransportKind.Tls);
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp(), transport: "TLS"));
        Assert.False(fixture.Received()[^1].Contact!.Uri.IsSecure);
    }

    private static SipRequest Invite(string headers) =>
        (SipRequest)Transactions.TransactionFixture.Parse(StackFixture.Request("INVITE", headers: headers));

    private static MemoryFlow Flow() => new(new MemoryTransport(), new IPEndPoint(IPAddress.Parse(StackFixture.Peer), 5060));
}
