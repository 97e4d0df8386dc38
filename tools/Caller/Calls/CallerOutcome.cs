namespace VoiceGateway.Caller;

/// <summary>How a call ended.</summary>
public enum CallerOutcome
{
    /// <summary>The script was done, and the caller hung up.</summary>
    HungUp,

    /// <summary>The other side hung up.</summary>
    RemoteHungUp,

    /// <summary>The other side refused the call; the status code says how.</summary>
    Refused,

    /// <summary>Nobody answered in time; the INVITE was cancelled.</summary>
    Unanswered,

    /// <summary>The target cannot be reached, or sends no SIP response at all.</summary>
    Unreachable,

    /// <summary>The answer's SDP cannot be used: the call was hung up at once.</summary>
    NoCommonCodec,

    /// <summary>The token was cancelled: the caller hung up, or cancelled the INVITE.</summary>
    Cancelled,

    /// <summary>The call lasted longer than allowed; the caller hung up.</summary>
    TooLong,

    /// <summary>The signalling or the media failed under the call.</summary>
    Failed,
}
