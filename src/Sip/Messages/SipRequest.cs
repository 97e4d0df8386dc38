using System.Globalization;

namespace VoiceGateway.Sip;

public sealed class SipRequest : SipMessage
{
    private SipUri _requestUri;

    /// <exception cref="ArgumentException">The method is no token.</exception>
    public SipRequest(string method, SipUri requestUri, SipHeaders? headers = null)
        : base(headers ?? new SipHeaders())
    {
        ArgumentNullException.ThrowIfNull(requestUri);
        if (!SipGrammar.IsToken(method))
            throw new ArgumentException("A method is a token.", nameof(method));
        Method = method;
        _requestUri = requestUri;
    }

    public string Method { get; }

    public SipUri RequestUri
    {
        get => _requestUri;
        set => _requestUri = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Null when the header is absent, as RFC 2543 elements leave it.</summary>
    public int? MaxForwards
    {
        get => SipGrammar.TryParseNumber(Headers.Get(SipHeaderNames.MaxForwards), 255, out var value) ? (int)value : null;
        set
        {
            if (value is null)
                Headers.Remove(SipHeaderNames.MaxForwards);
            else
                Headers.Set(SipHeaderNames.MaxForwards, value.Value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private protected override string StartLine => $"{Method} {RequestUri} SIP/2.0";

    /// <summary>A request with the headers that every one needs (RFC 3261 section 8.1.1), but Via, which the transport adds.</summary>
    /// <exception cref="ArgumentException">The method is no token, or a value would not stay on its line.</exception>
    public static SipRequest Create(string method, SipUri requestUri, SipNameAddress from, SipNameAddress to, string callId, uint cseq)
    {
        if (cseq > CSeq.MaxNumber)
            throw new ArgumentException("A CSeq number is below 2^31.", nameof(cseq));
        return new SipRequest(method, requestUri)
        {
            MaxForwards = 70,
            From = from,
            To = to,
            CallId = callId,
            CSeq = new CSeq(cseq, method),
        };
    }

    /// <summary>
    /// A response to this request (RFC 3261 section 8.2.6.2): Via, From, To, Call-ID and CSeq are copied, Timestamp into a 100, and
    /// Record-Route into every response that can establish a dialog (section 12.1.1).
    /// </summary>
    /// <param name="status">100 to 699.</param>
    /// <param name="reason">The usual phrase when null. Controls become blanks.</param>
    /// <param name="toTag">Added to To when it has no tag; a 100 needs none.</param>
    /// <exception cref="ArgumentException">The status is out of range, or the tag no token.</exception>
    public SipResponse CreateResponse(int status, string? reason = null, string? toTag = null)
    {
        var response = new SipResponse(status, reason);
        response.Headers.CopyFrom(Headers, SipHeaderNames.Via);
        response.Headers.CopyFrom(Headers, SipHeaderNames.From);
        response.Headers.CopyFrom(Headers, SipHeaderNames.To);
        response.Headers.CopyFrom(Headers, SipHeaderNames.CallId);
        response.Headers.CopyFrom(Headers, SipHeaderNames.CSeq);
        if (status == 100)
            response.Headers.CopyFrom(Headers, SipHeaderNames.Timestamp);
        if (status is > 100 and < 300)
            response.Headers.CopyFrom(Headers, SipHeaderNames.RecordRoute);
        if (toTag is not null && response.ToOrNull is { Tag: null } to)
            response.To = to.WithTag(toTag);
        return response;
    }

    /// <summary>
    /// The CANCEL of this request (RFC 3261 section 9.1): same Request-URI, Call-ID, To, From, CSeq number, Route and topmost Via.
    /// </summary>
    public SipRequest CreateCancel()
    {
        var cancel = WithSameTransaction(SipMethods.Cancel);
        cancel.Headers.CopyFrom(Headers, SipHeaderNames.To);
        return cancel;
    }

    /// <summary>
    /// The ACK of a final response other than 2xx (RFC 3261 section 17.1.1.3): belongs to the INVITE's transaction, with the To of the response.
    /// </summary>
    public SipRequest CreateAck(SipResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var ack = WithSameTransaction(SipMethods.Ack);
        ack.Headers.CopyFrom(response.Headers, SipHeaderNames.To);
        return ack;
    }

    /// <summary>A copy that can be changed without changing this one.</summary>
    public SipRequest Clone() => new(Method, RequestUri, Headers.Clone()) { Body = Body };

    private SipRequest WithSameTransaction(string method)
    {
        var request = new SipRequest(method, RequestUri);
        request.Headers.Add(SipHeaderNames.Via, TopVia.ToString());
        request.Headers.CopyFrom(Headers, SipHeaderNames.Route);
        request.MaxForwards = 70;
        request.Headers.CopyFrom(Headers, SipHeaderNames.From);
        request.Headers.CopyFrom(Headers, SipHeaderNames.CallId);
        request.CSeq = CSeq with { Method = method };
        return request;
    }
}
