namespace VoiceGateway.Sip;

/// <summary>How a call ended.</summary>
/// <param name="Cause">Who or what ended it.</param>
/// <param name="StatusCode">The final status of the INVITE or BYE, where there was one.</param>
/// <param name="ReasonHeader">Reason (RFC 3326) of the BYE, CANCEL or rejection, as written.</param>
public sealed record SipCallEnd(SipCallEndCause Cause, int? StatusCode = null, string? ReasonHeader = null)
{
    /// <summary>The same, read: often <c>SIP</c> and <c>Q.850</c> side by side.</summary>
    public IReadOnlyList<SipReason> Reasons => SipReason.ParseAll(ReasonHeader);

    /// <summary>Before that, the peer had reported that a REFER brought it to its target: whoever hung up, the caller is not lost.</summary>
    public bool IsTransferred { get; init; }
}
