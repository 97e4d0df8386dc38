namespace VoiceGateway.Sip;

/// <summary>What a session description in a response to our INVITE is.</summary>
internal enum SdpMeaning
{
    Answer,

    Offer,

    /// <summary>Said before in another message, or out of place: to be ignored (RFC 3261 section 13.2.1).</summary>
    Repeat,
}
