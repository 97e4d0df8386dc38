using System.Net;
using System.Text;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>
/// A whole endpoint over a transport in memory, with time standing still. The test is the peer at 192.0.2.2:5060: it sends text and
/// looks at what comes back. Everything happens on the test's thread.
/// </summary>
internal sealed class StackFixture : IAsyncDisposable
{
    public const string Peer = "192.0.2.2";
    private readonly SipStack _stack;

    public StackFixture(SipTransportKind kind = SipTransportKind.Udp, Func<SipEndpointOptions, SipEndpointOptions>? configure = null, bool hasHandler = true, bool takesReferrals = false, params string[] additionalMethods)
    {
        Handler.AdditionalMethods = additionalMethods;
        Handler.TakesReferrals = takesReferrals;
        var options = new SipEndpointOptions { TimeProvider = Time, UserAgent = "test", OnFault = Faults.Add };
        _stack = new SipStack(configure?.Invoke(options) ?? options, hasHandler ? Handler : null);
        Transport = new MemoryTransport(kind);
        _stack.Transports.Add(Transport, _stack);
        Endpoint = new SipEndpoint(_stack);
        From = Transport.FlowFrom(new IPEndPoint(IPAddress.Parse(Peer), 5060));
    }

    public FakeTime Time { get; } = new();

    public TestHandler Handler { get; } = new();

    public TestNegotiator Negotiator { get; } = new();

    public List<Exception> Faults { get; } = [];

    public MemoryTransport Transport { get; }

    public SipEndpoint Endpoint { get; }

    public MemoryFlow From { get; }

    public SipCall Call => Handler.Calls[^1];

    public SipStack Stack => _stack;

    /// <summary>A request of the peer. Lines may be added; the From tag is "peer".</summary>
    public static string Request(
        string method, uint cseq = 1, string branch = "", string toTag = "", string callId = "c1", string body = "", string headers = "",
        string uri = "sip:bob@192.0.2.1", string contentType = "application/sdp", string transport = "UDP", string maxForwards = "70")
    {
        var text = new StringBuilder()
            .Append($"{method} {uri} SIP/2.0\n")
            .Append($"Via: SIP/2.0/{transport} {Peer}:5060;rport;branch=z9hG4bK{(branch.Length > 0 ? branch : $"{callId}-{cseq}-{(method is "ACK" or "CANCEL" ? "INVITE" : method)}")}\n")
            .Append($"Max-Forwards: {maxForwards}\nFrom: <sip:alice@{Peer}>;tag=peer\n")
            .Append($"To: <sip:bob@192.0.2.1>{(toTag.Length > 0 ? ";tag=" + toTag : "")}\n")
            .Append($"Call-ID: {callId}\nCSeq: {cseq} {method}\nContact: <sip:alice@{Peer}:5060>\n")
            .Append(headers.Length > 0 ? headers + "\n" : "");
        if (body.Length > 0)
            text.Append($"Content-Type: {contentType}\n");
        body = body.ReplaceLineEndings("\r\n");
        return text.ToString().ReplaceLineEndings("\r\n") + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
    }

    public static string Sdp(string direction = "sendrecv") =>
        $"v=0\r\no=- 9 9 IN IP4 {Peer}\r\ns=-\r\nc=IN IP4 {Peer}\r\nt=0 0\r\nm=audio 30000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na={direction}\r\n";

    public void Send(string text, MemoryFlow? from = null) => _stack.OnMessage(Encoding.UTF8.GetBytes(text), from ?? From);

    public void Send(SipMessage message) => _stack.OnMessage(message.ToBytes(), From);

    /// <summary>What was sent to the peer since the last look.</summary>
    public List<SipMessage> Received(MemoryFlow? at = null)
    {
        List<SipMessage> messages = [];
        while ((at ?? From).Sent.TryDequeue(out var text))
            messages.Add(TransactionFixture.Parse(text));
        return messages;
    }

    /// <summary>Statuses and methods in order: "100 180 200" or "BYE".</summary>
    public string Heard(MemoryFlow? at = null) => string.Join(' ', Received(at).Select(Name));

    public static string Name(SipMessage message) => message is SipResponse response ? response.StatusCode.ToString() : ((SipRequest)message).Method;

    public SipResponse SingleResponse() => Assert.IsType<SipResponse>(Assert.Single(Received()));

    /// <summary>An incoming call that rang and was answered and acknowledged.</summary>
    public SipCall Establish(string callId = "c1")
    {
        Handler.Invited = call => _ = call.AnswerAsync(Negotiator);
        Send(Request("INVITE", callId: callId, body: Sdp()));
        Send(Request("ACK", branch: "ack1" + callId, toTag: Call.LocalTag, callId: callId));
        Assert.Equal(SipCallState.Established, Call.State);
        Received();
        Negotiator.Log.Clear();
        return Call;
    }

    public SipOutgoingCall Outgoing(bool lateOffer = false, Action<SipResponse>? onProvisional = null) => new()
    {
        To = new SipUri("bob", Peer),
        From = new SipNameAddress(new SipUri("gw", "192.0.2.1")),
        Negotiator = Negotiator,
        LateOffer = lateOffer,
        OnProvisional = onProvisional,
    };

    /// <summary>The INVITE that the endpoint sent, and nothing else.</summary>
    public SipRequest SingleRequest(string method)
    {
        var request = Assert.IsType<SipRequest>(Assert.Single(Received()));
        Assert.Equal(method, request.Method);
        return request;
    }

    /// <summary>A response of the peer to a request of ours.</summary>
    public static SipResponse Response(SipRequest request, int status, string? tag = "bobtag", string? sdp = null, string contact = $"<sip:bob@{Peer}:5060>")
    {
        var response = request.CreateResponse(status, toTag: tag);
        if (status is > 100 and < 300 && request.Method == SipMethods.Invite)
            response.Headers.Set(SipHeaderNames.Contact, contact);
        if (sdp is not null)
            response.SetBody("application/sdp", Encoding.UTF8.GetBytes(sdp));
        return response;
    }

    /// <summary>An outgoing call that was answered.</summary>
    public async Task<(SipCall Call, SipRequest Invite)> EstablishOutgoingAsync()
    {
        var calling = Endpoint.CallAsync(Outgoing());
        var invite = SingleRequest("INVITE");
        Send(Response(invite, 200, sdp: Sdp()));
        var result = await calling;
        Assert.NotNull(result.Call);
        Assert.Equal("ACK", Heard());
        Negotiator.Log.Clear();
        return (result.Call, invite);
    }

    /// <summary>A request of the callee within the dialog of an outgoing call.</summary>
    public static string WithinOutgoing(string method, SipRequest invite, uint cseq, string body = "") =>
        Request(method, cseq, branch: $"callee-{method}-{cseq}", callId: invite.CallId, body: body)
            .Replace($"From: <sip:alice@{Peer}>;tag=peer", $"From: <sip:bob@{Peer}>;tag=bobtag", StringComparison.Ordinal)
            .Replace("To: <sip:bob@192.0.2.1>", $"To: <sip:gw@192.0.2.1>;tag={invite.From.Tag}", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        Assert.Equal(0, Endpoint.ActiveCalls);
        Assert.Equal(0, Endpoint.ActiveTransactions);
        Assert.True(_stack.Calls.IsEmpty);
        Assert.Equal(0, Time.ActiveTimers);
    }
}
