namespace VoiceGateway.Sip;

/// <summary>A listen entry could not be opened: the port is taken, the address is not this host's, or the right is missing.</summary>
public sealed class SipBindException : Exception
{
    public SipBindException(SipListen listen, Exception inner)
        : base($"SIP cannot listen on {listen}: {inner.Message}", inner) => Listen = listen;

    public SipBindException(SipListen listen, string reason)
        : base($"SIP cannot listen on {listen}: {reason}") => Listen = listen;

    public SipListen Listen { get; }
}
