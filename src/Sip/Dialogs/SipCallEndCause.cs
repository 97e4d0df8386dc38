namespace VoiceGateway.Sip;

public enum SipCallEndCause
{
    /// <summary>The peer sent BYE.</summary>
    RemoteBye,

    /// <summary>We sent BYE.</summary>
    LocalBye,

    /// <summary>The caller gave up before the answer: CANCEL, or BYE in the early dialog.</summary>
    Cancelled,

    /// <summary>A final response other than 2xx; the status says which.</summary>
    Rejected,

    /// <summary>No ACK followed our 200 (RFC 3261 section 13.3.1.4).</summary>
    NoAck,

    /// <summary>No PRACK followed a reliable provisional response of ours (RFC 3262 section 3).</summary>
    NoPrack,

    /// <summary>The session was not refreshed in time (RFC 4028 section 10).</summary>
    SessionExpired,

    /// <summary>Offer and answer did not come together.</summary>
    NegotiationFailed,

    /// <summary>The peer does not know the dialog any more (481 to a request within it).</summary>
    DialogLost,

    /// <summary>No answer within 64*T1.</summary>
    TimedOut,

    /// <summary>The peer cannot be reached.</summary>
    TransportFailed,

    /// <summary>An exception in our own code.</summary>
    Faulted,

    /// <summary>The endpoint was disposed under the call.</summary>
    EndpointClosed,
}
