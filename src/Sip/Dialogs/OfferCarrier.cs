namespace VoiceGateway.Sip;

/// <summary>The message that holds an offer; it says where the answer has to stand (RFC 6337 section 2.2, table 1).</summary>
internal enum OfferCarrier
{
    /// <summary>Answered in a reliable 1xx or the 2xx (patterns 1 and 3).</summary>
    Invite,

    /// <summary>The 2xx of an INVITE; answered in ACK (pattern 2).</summary>
    Success,

    /// <summary>A reliable 1xx; answered in PRACK (pattern 4).</summary>
    ReliableProvisional,

    /// <summary>Answered in its 2xx (pattern 5).</summary>
    Prack,

    /// <summary>Answered in its 2xx (pattern 6).</summary>
    Update,
}
