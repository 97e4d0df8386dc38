namespace VoiceGateway.Sip;

/// <summary>What a source did that somebody may want to ban it for.</summary>
public enum SipOffenceKind
{
    /// <summary>Nobody we know, and nothing that we serve strangers.</summary>
    UnknownSource,

    /// <summary>Wrong password or unknown user.</summary>
    BadCredentials,

    /// <summary>More than its limits allow.</summary>
    RateLimited,

    /// <summary>Not SIP, or broken.</summary>
    Malformed,
}
