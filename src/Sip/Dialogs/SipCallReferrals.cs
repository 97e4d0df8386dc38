namespace VoiceGateway.Sip;

/// <summary>REFER beyond the plain one of <see cref="SipCall.ReferAsync"/>.</summary>
public static class SipCallReferrals
{
    /// <summary>See <see cref="SipCall.ReferAsync"/>: the same with everything that a REFER can say.</summary>
    public static Task<SipReferralResult> ReferAsync(this SipCall call, SipOutgoingReferral referral)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(referral);
        var sending = new OutgoingReferral(referral);
        call.Mailbox.Post(() => call.Referrals.Send(sending));
        return sending.Result;
    }
}
