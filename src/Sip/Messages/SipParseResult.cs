namespace VoiceGateway.Sip;

public enum SipParseResult
{
    /// <summary>A message that keeps every rule that an answer or a dialog relies on.</summary>
    Message,

    /// <summary>Nothing but line ends or zeros: a NAT keep-alive (RFC 5626 section 3.5.1 and what telephones send). Not an error.</summary>
    KeepAlive,

    /// <summary>Malformed, but <see cref="SipParseError.Answer"/> says so to the sender.</summary>
    Rejected,

    /// <summary>Malformed and not to be answered: a response, an ACK, no SIP at all, or no Via or CSeq to answer to.</summary>
    Dropped,
}
