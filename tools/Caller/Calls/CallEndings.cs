using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>What SIP says about a call's end, in the caller's words.</summary>
internal static class CallEndings
{
    /// <summary>An INVITE that was not answered by 200. Without a response the status is the stack's own (RFC 3261, section 8.1.3.1).</summary>
    public static CallEnding OfRefusal(SipCallResult result) => (result.Response, result.StatusCode) switch
    {
        (null, 408) => new(CallerOutcome.Unreachable, "no response from the target"),
        (null, 488) => new(CallerOutcome.NoCommonCodec, "the answer's SDP has no codec in common"),
        (null, _) => new(CallerOutcome.Unreachable, $"the target cannot be reached: {result.Reason}"),
        _ => new(CallerOutcome.Refused, $"refused: {result.StatusCode} {result.Reason}", result.StatusCode),
    };

    /// <summary>An answered call that ended without the caller's doing.</summary>
    public static CallEnding OfCall(SipCallEnd end) => end.Cause switch
    {
        SipCallEndCause.RemoteBye => new(CallerOutcome.RemoteHungUp, end.ReasonHeader is null ? "the other side hung up" : $"the other side hung up ({end.ReasonHeader})", 200),
        SipCallEndCause.NegotiationFailed => new(CallerOutcome.NoCommonCodec, "offer and answer did not come together", 200),
        SipCallEndCause.DialogLost => new(CallerOutcome.Failed, "the other side does not know the call any more", 200),
        SipCallEndCause.TimedOut => new(CallerOutcome.Failed, "the other side stopped answering", 200),
        SipCallEndCause.TransportFailed => new(CallerOutcome.Failed, "the signalling connection broke", 200),
        _ => new(CallerOutcome.Failed, $"the call failed: {end.Cause}", 200),
    };
}
