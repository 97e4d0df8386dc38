using System.Net;

namespace VoiceGateway.Sip;

/// <summary>A TLS handshake that failed.</summary>
/// <param name="Remote">With whom.</param>
/// <param name="IsIncoming">Who connected.</param>
/// <param name="Reason">In words.</param>
public readonly record struct SipTlsFailure(IPEndPoint Remote, bool IsIncoming, string Reason);
