namespace VoiceGateway.Sip;

/// <summary>How the attempt to send a peer elsewhere ended.</summary>
public enum SipReferralEnd
{
    /// <summary>The REFER itself was refused; without a status nothing came back.</summary>
    Refused,

    /// <summary>The peer reported the final status of its own call to the target.</summary>
    Reported,

    /// <summary>The peer took the REFER and ended its reports without a final status.</summary>
    Unreported,

    /// <summary>The peer took the REFER and said that it will not report (RFC 4488).</summary>
    Accepted,

    /// <summary>The call ended first, or there was none any more.</summary>
    CallEnded,
}
