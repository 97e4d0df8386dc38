namespace VoiceGateway.Sip;

/// <summary>Why we cancel a call before its answer, and what that comes to.</summary>
internal sealed record GivenUp(int Status, string Reason, SipCallEndCause Cause)
{
    public static GivenUp Cancelled { get; } = new(487, "Cancelled", SipCallEndCause.Cancelled);

    /// <summary>The session of a reliable provisional response will not do, and only the end of the call can say so (RFC 6337 section 2.3).</summary>
    public static GivenUp NoSession { get; } = new(488, SipReasonPhrases.Get(488), SipCallEndCause.NegotiationFailed);

    /// <summary>Whatever the callee says to it, the outcome is this.</summary>
    public bool IsOurRefusal => Cause == SipCallEndCause.NegotiationFailed;
}
