namespace VoiceGateway.Rtp;

/// <summary>What a sequence number stood for.</summary>
internal enum PacketKind : byte
{
    Audio,

    /// <summary>A telephone-event, handled at arrival; here it only fills its place in the sequence.</summary>
    TelephoneEvent,

    /// <summary>What silence sounds like until the next audio (RFC 3389).</summary>
    ComfortNoise,

    /// <summary>A payload type that was not negotiated: not heard, and not lost either.</summary>
    Ignored,
}
