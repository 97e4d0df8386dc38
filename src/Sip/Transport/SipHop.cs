using System.Net;

namespace VoiceGateway.Sip;

/// <summary>Where a request goes next: transport, address and port (the outcome of RFC 3263).</summary>
internal readonly record struct SipHop(SipTransportKind Kind, IPEndPoint EndPoint)
{
    /// <summary>
    /// The domain that was asked for, before SRV and address records led to the end point: what a TLS certificate must name
    /// (RFC 5922 section 7.2). Null where the URI had an address.
    /// </summary>
    public string? HostName { get; init; }
}
