namespace VoiceGateway.Sip;

/// <summary>One OPTIONS outside any dialog (RFC 3261 section 11.1), to see whether a peer is there.</summary>
internal static class OptionsProbe
{
    private const string User = "probe";

    public static Task<SipResponse?> RunAsync(SipStack stack, SipUri target, CancellationToken cancellationToken) =>
        StandaloneRequest.RunAsync(stack, new SipOutgoingRequest { Method = SipMethods.Options, To = target }, User, cancellationToken);
}
