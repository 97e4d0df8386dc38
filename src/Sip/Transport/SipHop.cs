using System.Net;

namespace VoiceGateway.Sip;

/// <summary>Where a request goes next: transport, address and port (the outcome of RFC 3263).</summary>
internal readonly record struct SipHop(SipTransportKind Kind, IPEndPoint EndPoint);
