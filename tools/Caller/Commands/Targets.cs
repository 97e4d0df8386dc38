using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

internal static class Targets
{
    /// <summary>The URI with the transport that was asked for (RFC 3261, section 19.1.1).</summary>
    public static SipUri Over(SipUri target, bool tcp) => tcp ? target.WithParameter("transport", "tcp") : target;
}
