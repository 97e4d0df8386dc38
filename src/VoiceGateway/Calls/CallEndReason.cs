namespace VoiceGateway.Calls;

/// <summary>Every way in which a call ends. <see cref="CallEndReasons"/> says what each means to SIP, to the metrics and to the caller.</summary>
public enum CallEndReason
{
    /// <summary>BYE from the other side.</summary>
    CallerHungUp,

    /// <summary>CANCEL before the answer.</summary>
    CallerCancelled,

    /// <summary>The agent said goodbye and hung up.</summary>
    AgentHungUp,

    /// <summary>The caller was handed to somebody else, who answered.</summary>
    Transferred,

    /// <summary>The agent said goodbye to a caller who had said nothing for a long time.</summary>
    CallerIdle,

    /// <summary>Ended through the HTTP API.</summary>
    OperatorHungUp,

    /// <summary>Nobody answers the number that was dialled.</summary>
    NoRoute,

    /// <summary>No codec, or no media line, in common.</summary>
    NotAcceptable,

    /// <summary>As many calls as are configured are running.</summary>
    Overloaded,

    /// <summary>The model's service grants no further session, as configured or as it has shown.</summary>
    NoSessionQuota,

    /// <summary>No free port in the media range.</summary>
    NoMediaPort,

    /// <summary>No Live session could be opened.</summary>
    LiveUnavailable,

    /// <summary>The service refuses our key, model or setup: trying again would change nothing.</summary>
    LiveMisconfigured,

    /// <summary>The Live session ended in the middle of the call, and no other could be had.</summary>
    LiveLost,

    /// <summary>The session stands and the model says nothing any more, whatever was tried.</summary>
    ModelStalled,

    /// <summary>No RTP arrived for longer than is allowed.</summary>
    MediaTimeout,

    /// <summary>The call reached the longest duration.</summary>
    MaxDuration,

    /// <summary>The 200 OK was never acknowledged.</summary>
    NoAck,

    /// <summary>The signalling transport failed, or the other side stopped answering.</summary>
    SignallingFailed,

    /// <summary>An outgoing call that nobody picked up.</summary>
    NoAnswer,

    /// <summary>An outgoing call that was refused.</summary>
    Refused,

    /// <summary>The gateway is being stopped.</summary>
    ShuttingDown,

    /// <summary>A defect. The log has the exception.</summary>
    InternalError,
}
