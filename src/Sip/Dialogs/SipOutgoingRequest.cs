namespace VoiceGateway.Sip;

/// <summary>A request outside of any call, such as MESSAGE (RFC 3428) or OPTIONS.</summary>
public sealed record SipOutgoingRequest
{
    /// <summary>Not one that begins a dialog or only makes sense within one.</summary>
    public required string Method { get; init; }

    /// <summary>Request-URI and To.</summary>
    public required SipUri To { get; init; }

    /// <summary>Null: <c>sip:anonymous@</c> our address.</summary>
    public SipNameAddress? From { get; init; }

    /// <summary>A proxy to send through, as a loose route (RFC 3261 section 8.1.2).</summary>
    public SipUri? Proxy { get; init; }

    /// <summary>Routes behind the proxy, such as the Service-Route of a registration (RFC 3608).</summary>
    public IReadOnlyList<SipNameAddress> Routes { get; init; } = [];

    /// <summary>What 401 and 407 are answered with; null: they are the outcome.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string ContentType { get; init; } = "text/plain;charset=UTF-8";

    public ReadOnlyMemory<byte> Body { get; init; }
}
