namespace VoiceGateway.Sip;

/// <summary>What <see cref="SipCounters"/> counts. Nothing is dropped or absorbed without one of these.</summary>
public enum SipCounter
{
    RequestsReceived,
    ResponsesReceived,
    RequestsSent,
    ResponsesSent,

    /// <summary>CRLF keep-alives (RFC 5626 section 4.4.1), answered where the transport is a stream.</summary>
    KeepAlivesReceived,

    /// <summary>Not SIP, or too broken to be answered: dropped.</summary>
    MalformedDropped,

    /// <summary>Broken, but enough was understood to answer 400, 413, 505...</summary>
    MalformedRejected,

    /// <summary>Bytes on a stream that cannot be framed; the connection was closed.</summary>
    FramingErrors,

    /// <summary>Request or ACK repeats that a server transaction absorbed (RFC 3261 section 17.2).</summary>
    RequestRetransmissionsAbsorbed,

    /// <summary>Response repeats that a client transaction absorbed (RFC 3261 section 17.1).</summary>
    ResponseRetransmissionsAbsorbed,

    RequestRetransmissionsSent,
    ResponseRetransmissionsSent,

    /// <summary>Same request by another path: 482 (RFC 3261 section 8.2.2.2).</summary>
    MergedRequests,

    /// <summary>Responses that match no client transaction, or whose Via is not ours (RFC 3261 section 18.1.2).</summary>
    ResponsesUnmatched,

    /// <summary>ACKs that belong to nothing (any more).</summary>
    AcksUnmatched,

    /// <summary>CANCELs answered 481.</summary>
    CancelsUnmatched,

    /// <summary>In-dialog requests answered 481.</summary>
    RequestsWithoutDialog,

    /// <summary>In-dialog requests answered 500 because their CSeq went back (RFC 3261 section 12.2.2).</summary>
    OutOfOrderRequests,

    /// <summary>Crossing re-INVITEs and offers answered 491 or 500 (RFC 3261 section 14.2, RFC 3311 section 5.2).</summary>
    ReInviteCollisions,

    /// <summary>Requests refused by their head or body: 405, 415, 416, 420, 483, 501...</summary>
    RequestsRefused,

    /// <summary>503 because a table was full, a source had all that one may have, or a rate was exceeded.</summary>
    OverloadRejected,

    /// <summary>Messages over a limit of their source or of all, not even read; the <see cref="OverloadRejected"/> among them were answered.</summary>
    RateLimited,

    /// <summary>ACKs of refusals for which no state is kept.</summary>
    StatelessRefusalsAcknowledged,

    /// <summary>What came from nobody we know and was left without an answer.</summary>
    StrangersIgnored,

    /// <summary>New requests that the gatekeeper refused: 401, 403...</summary>
    NotAdmitted,

    /// <summary>Offences not reported, so that they do not flood the log.</summary>
    OffencesUnreported,

    /// <summary>503 because the endpoint drains.</summary>
    DrainingRejected,

    ClientTransactionsTimedOut,

    /// <summary>Requests that went on to another place because one said nothing, could not be sent to, or answered 503 (RFC 3263 section 4.3).</summary>
    HopsFailedOver,

    /// <summary>Reliable provisional responses passed over because an earlier one is missing, or because they came before (RFC 3262 section 4).</summary>
    ProvisionalsOutOfOrder,

    /// <summary>REGISTER attempts that ended in anything but a binding.</summary>
    RegistrationFailures,

    /// <summary>Answers to other requests than INVITE that came too late to be of use, or were 408 (RFC 4320 section 4.2).</summary>
    LateResponsesDropped,

    /// <summary>Final responses to INVITE that no ACK followed (timer H).</summary>
    FinalResponsesUnacknowledged,

    /// <summary>Calls ended because no ACK followed the 200 (RFC 3261 section 13.3.1.4).</summary>
    CallsWithoutAck,

    /// <summary>INVITEs refused because a reliable provisional response of ours was never acknowledged by PRACK (RFC 3262 section 3).</summary>
    ProvisionalsUnacknowledged,

    /// <summary>Calls ended because nobody refreshed the session in time (RFC 4028 section 10).</summary>
    SessionsExpired,

    /// <summary>Second and further 2xx of a forked INVITE: acknowledged and ended.</summary>
    ForkedAnswersReleased,

    IncomingCalls,
    OutgoingCalls,

    /// <summary>A message could not be handed to the network.</summary>
    SendFailures,

    /// <summary>Socket errors in a receive or accept loop, ICMP errors included; the loop went on.</summary>
    SocketErrors,

    ConnectionsAccepted,
    ConnectionsOpened,

    /// <summary>Connections turned away at the cap.</summary>
    ConnectionsRefused,

    /// <summary>Connections closed because they were idle, or stuck within a message.</summary>
    ConnectionsTimedOut,

    /// <summary>Connections closed because the peer did not read.</summary>
    ConnectionsOverrun,

    /// <summary>Questions to name servers, repeats included.</summary>
    DnsQueriesSent,

    /// <summary>Answers of name servers that could not be read or that nobody had asked for.</summary>
    DnsAnswersIgnored,

    /// <summary>Questions that no name server answered.</summary>
    DnsFailures,

    /// <summary>TLS handshakes that failed or took too long, in either direction.</summary>
    TlsHandshakesFailed,

    /// <summary>Certificate, key or trust files read again because they had changed; the first reading counts, too.</summary>
    TlsFilesReloaded,

    /// <summary>Changed files that could not be used: those before stay in use.</summary>
    TlsFilesRejected,

    /// <summary>TLS connections of a peer's that our requests may take, too (RFC 5923).</summary>
    ConnectionsAliased,

    /// <summary>Pings of ours on connections (RFC 5626 section 4.4.1).</summary>
    KeepAlivesSent,

    /// <summary>Connections closed because a ping stayed without its answer.</summary>
    KeepAlivesUnanswered,

    /// <summary>Requests over 1300 bytes that went by TCP instead of UDP (RFC 3261 section 18.1.1).</summary>
    LargeRequestsByTcp,

    /// <summary>Exceptions in our own code: the call concerned was ended, the process went on.</summary>
    Faults,
}
