namespace VoiceGateway.Media;

/// <summary>Where packets leave. On the clock thread.</summary>
internal interface IPacketSink
{
    /// <param name="payloadType">Of the codec that the payload is in.</param>
    /// <param name="payload">Valid during the call only.</param>
    /// <param name="samples">By how much the RTP timestamp moves on.</param>
    /// <param name="marker">A talk spurt begins in it (RFC 3551 section 4.1).</param>
    void Send(byte payloadType, ReadOnlySpan<byte> payload, int samples, bool marker);
}
