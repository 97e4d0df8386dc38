using System.Buffers;
using System.Text;

namespace VoiceGateway.Sip.Tests;

public sealed class SipMessageTests
{
    [Fact]
    public void Create_Request_HasWhatEveryRequestNeeds()
    {
        var invite = Invite();

        Assert.Equal(
            "INVITE sip:bob@biloxi.com SIP/2.0\r\nMax-Forwards: 70\r\nFrom: \"Alice\" <sip:alice@atlanta.com>;tag=a1\r\n" +
            "To: <sip:bob@biloxi.com>\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\n" +
            "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n",
            Encoding.UTF8.GetString(invite.ToBytes()));
    }

    [Fact]
    public void Write_ContentLengthInHeaders_IsIgnored()
    {
        var invite = Invite();
        invite.Headers.Add("l", "9999");
        invite.Body = "äöü"u8.ToArray();

        var text = Encoding.UTF8.GetString(invite.ToBytes());

        Assert.EndsWith("Content-Length: 6\r\n\r\näöü", text, StringComparison.Ordinal);
        Assert.DoesNotContain("9999", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ToSpanAndBufferWriter_GivesTheSameBytes()
    {
        var invite = Invite();
        var bytes = invite.ToBytes();
        var span = new byte[bytes.Length + 10];
        var writer = new ArrayBufferWriter<byte>();

        var written = invite.Write(span);
        invite.WriteTo(writer);

        Assert.Equal(bytes, span[..written]);
        Assert.Equal(bytes, writer.WrittenSpan.ToArray());
        for (var length = 0; length < bytes.Length; length++)
            Assert.ThrowsAny<ArgumentException>(() => invite.Write(new byte[length]));
    }

    [Theory]
    [InlineData("INV ITE")]
    [InlineData("INVITE\r\n")]
    [InlineData("")]
    public void Request_MethodThatIsNoToken_Throws(string method) =>
        Assert.Throws<ArgumentException>(() => new SipRequest(method, new SipUri(null, "h")));

    [Fact]
    public void Response_HostileReason_StaysOnItsLine()
    {
        var response = new SipResponse(480, "Gone\r\nInjected: x\r\n\r\nbody");

        Assert.Equal("SIP/2.0 480 Gone  Injected: x    body\r\nContent-Length: 0\r\n\r\n", Encoding.UTF8.GetString(response.ToBytes()));
        Assert.Throws<ArgumentException>(() => new SipResponse(99));
        Assert.Throws<ArgumentException>(() => new SipResponse(700));
        Assert.Equal("Busy Here", new SipResponse(486).ReasonPhrase);
    }

    [Fact]
    public void SetBody_HostileType_Throws() => Assert.Throws<ArgumentException>(() => Invite().SetBody("a/b\r\nX: y", "x"u8.ToArray()));

    [Fact]
    public void CreateResponse_ToInvite_CopiesWhatTheRfcSays()
    {
        var invite = Invite();
        invite.Headers.InsertFirst("Via", "SIP/2.0/UDP proxy;branch=z9hG4bKp").Add("Record-Route", "<sip:p1;lr>").Add("Record-Route", "<sip:p2;lr>").Add("Timestamp", "54");

        var trying = invite.CreateResponse(100);
        var ok = invite.CreateResponse(200, toTag: "b1");
        var busy = invite.CreateResponse(486, toTag: "b2");

        Assert.Equal(["proxy", "h"], ok.Vias.Select(via => via.Host));
        Assert.Equal(("b1", "a1", "c1", new CSeq(1, "INVITE")), (ok.To.Tag, ok.From.Tag, ok.CallId, ok.CSeq));
        Assert.Equal(["p1", "p2"], ok.RecordRoutes.Select(route => route.Uri.Host));
        Assert.Equal(("54", (string?)null, 0), (trying.Headers.Get("Timestamp"), trying.To.Tag, trying.RecordRoutes.Count));
        Assert.Equal((null, "b2", 0), (busy.Headers.Get("Timestamp"), busy.To.Tag, busy.RecordRoutes.Count));
        Assert.Equal(("Trying", true, false), (trying.ReasonPhrase, trying.IsProvisional, trying.IsFinal));
    }

    [Fact]
    public void CreateResponse_ToTagPresent_IsNotReplaced()
    {
        var bye = Invite();
        bye.To = bye.To.WithTag("kept");

        Assert.Equal("kept", bye.CreateResponse(200, toTag: "other").To.Tag);
    }

    [Fact]
    public void CreateCancelAndAck_OfInvite_BelongToItsTransaction()
    {
        var invite = Invite();
        invite.Headers.Add("Via", "SIP/2.0/UDP second;branch=z9hG4bKy").Add("Route", "<sip:p;lr>");

        var cancel = invite.CreateCancel();
        var ack = invite.CreateAck(invite.CreateResponse(486, toTag: "b1"));

        Assert.Equal(("CANCEL", new CSeq(1, "CANCEL"), null), (cancel.Method, cancel.CSeq, cancel.To.Tag));
        Assert.Equal(("ACK", new CSeq(1, "ACK"), "b1"), (ack.Method, ack.CSeq, ack.To.Tag));
        foreach (var request in new[] { cancel, ack })
        {
            Assert.Equal("z9hG4bKx", Assert.Single(request.Vias).Branch);
            Assert.Equal((invite.RequestUri, "c1", "a1", 0), (request.RequestUri, request.CallId, request.From.Tag, request.Body.Length));
            Assert.Equal("p", Assert.Single(request.Routes).Uri.Host);
            Assert.Null(request.ContentType);
        }
    }

    [Fact]
    public void TypedProperties_AfterAHeaderChanges_FollowIt()
    {
        var invite = Invite();
        Assert.Equal("a1", invite.From.Tag);
        Assert.Single(invite.Vias);

        invite.Headers.Set("From", "<sip:carol@chicago.com>;tag=c9");
        invite.TopVia = invite.TopVia.WithParameter("received", "192.0.2.7");
        invite.Headers.Remove("Contact");
        invite.Contact = new SipNameAddress(new SipUri("me", "192.0.2.1"));

        Assert.Equal("c9", invite.From.Tag);
        Assert.Equal("192.0.2.7", invite.TopVia.Received);
        Assert.Equal("me", Assert.Single(invite.Contacts).Uri.User);
        invite.Contact = null;
        Assert.Null(invite.Contact);
        invite.MaxForwards = null;
        Assert.Null(invite.MaxForwards);
    }

    [Fact]
    public void Clone_Changed_LeavesTheOriginal()
    {
        var invite = Invite();
        var copy = invite.Clone();

        copy.Headers.Remove("Via");
        copy.RequestUri = new SipUri("carol", "chicago.com");

        Assert.Single(invite.Vias);
        Assert.Equal("bob", invite.RequestUri.User);
    }

    [Fact]
    public void MissingHeaders_OfAMessageBuiltByHand_AreSaidByName()
    {
        var request = new SipRequest("OPTIONS", new SipUri(null, "h"));

        Assert.Contains("From", Assert.Throws<InvalidOperationException>(() => request.From).Message, StringComparison.Ordinal);
        Assert.Contains("Via", Assert.Throws<InvalidOperationException>(() => request.TopVia).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Identifiers_New_AreTokensAndDiffer()
    {
        Assert.NotEqual(SipIdentifiers.NewTag(), SipIdentifiers.NewTag());
        Assert.NotEqual(SipIdentifiers.NewCallId(), SipIdentifiers.NewCallId());
        Assert.True(new SipVia("UDP", "h", branch: SipIdentifiers.NewBranch()).HasMagicCookie);
    }

    private static SipRequest Invite()
    {
        var bob = new SipUri("bob", "biloxi.com");
        var alice = new SipNameAddress(new SipUri("alice", "atlanta.com"), "Alice").WithTag("a1");
        var invite = SipRequest.Create(SipMethods.Invite, bob, alice, new SipNameAddress(bob), "c1", 1);
        invite.TopVia = new SipVia("UDP", "h", branch: "z9hG4bKx");
        invite.SetBody(SessionDescription.ContentType, "v=0\r\n"u8.ToArray());
        return invite;
    }
}
