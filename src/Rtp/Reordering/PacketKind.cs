namespace VoiceGateway.Rtp;

/// <summary>What a sequence number stood for.</summary>
internal enum PacketKind : byte
{
    Audio,

    /// <summary>A telephone-event, handled at arrival; here it only fills its place in the sequence.</summary>
    TelephoneEvent,

    /// <summary>A payload type that was not negotiated (comfort noise, say): not heard, and not lost either.</summary>
    Ignored,
}
