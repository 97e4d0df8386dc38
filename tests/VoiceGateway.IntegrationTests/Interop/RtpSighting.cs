using System.Buffers.Binary;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>One packet's header (RFC 3550 section 5.1), or what stands in its place in a packet of RTCP.</summary>
/// <param name="PayloadType">64 to 95: it is RTCP (RFC 5761 section 4).</param>
/// <param name="Sequence">One more than the packet before.</param>
/// <param name="Timestamp">Samples.</param>
/// <param name="PayloadBytes">Behind the header of 12.</param>
internal readonly record struct RtpSighting(int PayloadType, ushort Sequence, uint Timestamp, int PayloadBytes)
{
    public bool IsRtcp => PayloadType is >= 64 and <= 95;

    public static RtpSighting Of(ReadOnlySpan<byte> packet) => new(
        packet[1] & 0x7F, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), packet.Length - 12);
}
