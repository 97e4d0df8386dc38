namespace VoiceGateway.Rtp;

/// <summary>Where <see cref="ReorderBuffer"/> delivers, in sequence order.</summary>
internal interface IReorderSink
{
    void Deliver(PacketKind kind, byte payloadType, bool marker, uint timestamp, ReadOnlySpan<byte> payload, long arrivalTicks);

    /// <summary>So many sequence numbers before the next packet were given up.</summary>
    void Missing(int packets);
}
