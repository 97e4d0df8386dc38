namespace VoiceGateway.Sip;

/// <summary>A call to place.</summary>
public sealed record SipOutgoingCall
{
    /// <summary>Who is called: Request-URI and To.</summary>
    public required SipUri To { get; init; }

    /// <summary>Who calls; null: <c>sip:anonymous@</c> our address.</summary>
    public SipNameAddress? From { get; init; }

    public required ISessionNegotiator Negotiator { get; init; }

    /// <summary>A proxy to send through, as a loose route (RFC 3261 section 8.1.2).</summary>
    public SipUri? Proxy { get; init; }

    /// <summary>Routes behind the proxy, such as the Service-Route of a registration (RFC 3608).</summary>
    public IReadOnlyList<SipNameAddress> Routes { get; init; } = [];

    /// <summary>What 401 and 407 are answered with, to the INVITE and to the requests within its dialog; null: they are the outcome.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>The same credentials with nonces that are known from a registration: spares the first challenge.</summary>
    internal DigestClient? Digest { get; init; }

    /// <summary>
    /// How many Contacts of redirects (300, 301, 302) are called one after the other (RFC 3261 section 8.1.3.4). None by default: then
    /// <see cref="SipCallResult.Contacts"/> are the caller's to follow, who knows whether that may cost money.
    /// </summary>
    public int MostRedirects { get; init; }

    /// <summary>INVITE without SDP: the callee offers in its 200, the answer goes in ACK (RFC 3261 section 13.2.1).</summary>
    public bool LateOffer { get; init; }

    /// <summary>Expires of the INVITE (RFC 3261 section 13.2.1); null: none. How long it may ring is the caller's decision.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>Chosen by the caller when it must be known beforehand; null: a new one.</summary>
    public string? CallId { get; init; }

    /// <summary>Further headers of the INVITE.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>By what the host knows the other side: <see cref="SipCall.Peer"/>.</summary>
    public object? Peer { get; init; }

    /// <summary>Every provisional response; called in the call's mailbox.</summary>
    public Action<SipResponse>? OnProvisional { get; init; }
}
