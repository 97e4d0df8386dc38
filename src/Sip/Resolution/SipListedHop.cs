using System.Net;

namespace VoiceGateway.Sip;

/// <summary>A place that failed and is tried last for a while.</summary>
/// <param name="Transport">By which it was tried.</param>
/// <param name="EndPoint">Where.</param>
/// <param name="HostName">The domain that its certificate has to name; null unless the transport is TLS.</param>
/// <param name="Remaining">How long it stays listed.</param>
/// <param name="Failures">Failures in a row.</param>
public sealed record SipListedHop(SipTransportKind Transport, IPEndPoint EndPoint, string? HostName, TimeSpan Remaining, int Failures);
