namespace VoiceGateway.Rtp;

/// <summary>The negotiated payload types; replaced as a whole. <see cref="Audio"/> is a set of bits, null: every type.</summary>
internal sealed record PayloadTypes(UInt128? Audio, byte? Event, byte? SendEvent, byte? Noise = null)
{
    public PacketKind KindOf(byte payloadType)
    {
        if (payloadType == Event)
            return PacketKind.TelephoneEvent;
        if (payloadType == Noise)
            return PacketKind.ComfortNoise;
        return Audio is not { } audio || (audio >> payloadType & UInt128.One) != 0 ? PacketKind.Audio : PacketKind.Ignored;
    }
}
