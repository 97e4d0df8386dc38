namespace VoiceGateway.Sip;

/// <summary>How a client transaction ends without a final response (RFC 3261 section 8.1.3.1: treated as 408 and 503).</summary>
internal enum ClientFailure
{
    TimedOut,
    TransportFailed,
}
