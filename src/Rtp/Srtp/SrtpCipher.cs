namespace VoiceGateway.Rtp;

/// <summary>
/// Encrypts and proves the packets of one direction under one master key; knows nothing of what came before. Packets stand at the
/// beginning of a span; on failure they stay as they are.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>The most that <see cref="ProtectRtp"/> and <see cref="ProtectRtcp"/> add: a tag and an index.</summary>
    public const int MostAdded = 16 + RtcpIndexLength;

    protected const int RtcpIndexLength = 4;

    /// <summary>The first bit of the index says that the packet is encrypted (RFC 3711 3.4).</summary>
    protected const uint RtcpIsEncrypted = 0x8000_0000;

    /// <summary>What stands behind a master key identifier in SRTP.</summary>
    public abstract int BehindMki { get; }

    /// <summary>What stands behind a master key identifier in SRTCP.</summary>
    public abstract int BehindRtcpMki { get; }

    public static SrtpCipher Of(SrtpMasterKey key) => key.Suite.IsAead ? new SrtpGcmCipher(key) : new SrtpCounterCipher(key);

    /// <param name="buffer">The packet, and room behind it.</param>
    /// <param name="payloadAt">Where its payload begins.</param>
    /// <param name="length">Of the packet.</param>
    /// <param name="index">Roll-over counter and sequence number: 48 bits.</param>
    /// <returns>Its length now.</returns>
    public abstract int ProtectRtp(Span<byte> buffer, int payloadAt, int length, ulong index);

    /// <param name="packet">As it came, without a master key identifier.</param>
    /// <param name="payloadAt">Where its payload begins.</param>
    /// <param name="index">Roll-over counter and sequence number: 48 bits.</param>
    /// <param name="length">Its length without the tag.</param>
    /// <returns>False: not under this key and index.</returns>
    public abstract bool TryUnprotectRtp(Span<byte> packet, int payloadAt, ulong index, out int length);

    /// <param name="buffer">The compound, and room behind it.</param>
    /// <param name="length">Of the compound.</param>
    /// <param name="index">31 bits.</param>
    /// <returns>Its length now.</returns>
    public abstract int ProtectRtcp(Span<byte> buffer, int length, uint index);

    /// <summary>Where the index stands in a compound as it came, without a master key identifier; -1: it is too short.</summary>
    public abstract int RtcpIndexAt(int length);

    /// <param name="packet">As it came, without a master key identifier; <see cref="RtcpIndexAt"/> is within.</param>
    /// <param name="length">Its length without index and tag.</param>
    /// <returns>False: not under this key.</returns>
    public abstract bool TryUnprotectRtcp(Span<byte> packet, out int length);

    public abstract void Dispose();
}
