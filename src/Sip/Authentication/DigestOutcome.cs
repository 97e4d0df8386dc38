namespace VoiceGateway.Sip;

/// <summary>What the credentials of a request are worth.</summary>
public enum DigestOutcome
{
    /// <summary>The user is who they say.</summary>
    Accepted,

    /// <summary>There are none for our realm: the ordinary first request.</summary>
    NoCredentials,

    /// <summary>Wrong password or unknown user, which nobody outside can tell apart; or a request that makes no sense.</summary>
    BadCredentials,

    /// <summary>Right, but for a nonce that has expired or that is from another life of this process: try again with the new one.</summary>
    Stale,

    /// <summary>Right, but this use of the nonce was seen before: copied by somebody, or sent twice.</summary>
    Replayed,
}
