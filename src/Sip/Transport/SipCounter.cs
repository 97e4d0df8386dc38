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

    /// <summary>Crossing re-INVITEs answered 491 or 500 (RFC 3261 section 14.2).</summary>
    ReInviteCollisions,

    /// <summary>Requests refused by their head or body: 405, 415, 416, 420, 483, 501...</summary>
    RequestsRefused,

    /// <summary>503 because a table was full.</summary>
    OverloadRejected,

    /// <summary>503 because the endpoint drains.</summary>
    DrainingRejected,

    ClientTransactionsTimedOut,

    /// <summary>Final responses to INVITE that no ACK followed (timer H).</summary>
    FinalResponsesUnacknowledged,

    /// <summary>Calls ended because no ACK followed the 200 (RFC 3261 section 13.3.1.4).</summary>
    CallsWithoutAck,

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

    /// <summary>Exceptions in our own code: the call concerned was ended, the process went on.</summary>
    Faults,
}
