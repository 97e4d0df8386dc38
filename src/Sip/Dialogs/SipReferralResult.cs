namespace VoiceGateway.Sip;

/// <param name="End">Which of the endings.</param>
/// <param name="StatusCode">Of the REFER when it was refused or taken without reports, of the peer's call to the target when that was reported.</param>
/// <param name="Reason">The phrase beside the status.</param>
public sealed record SipReferralResult(SipReferralEnd End, int? StatusCode = null, string? Reason = null)
{
    /// <summary>The peer talks to the target now.</summary>
    public bool IsSuccess => End == SipReferralEnd.Reported && StatusCode is >= 200 and < 300;
}
