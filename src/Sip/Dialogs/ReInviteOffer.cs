namespace VoiceGateway.Sip;

/// <summary>What a re-INVITE of ours offers.</summary>
internal enum ReInviteOffer
{
    New,

    /// <summary>What was agreed on: it only refreshes the session (RFC 4028 section 7.4).</summary>
    Unchanged,

    /// <summary>Nothing: the offer comes in the 2xx, our answer goes in ACK.</summary>
    None,
}
