using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>
/// Counter mode as RFC 3711 4.1.1 has it.
/// <code>
///   block j:  salt (14 bytes)        0 0
///       XOR   0 0 0 0  SSRC  index   j j
/// </code>
/// </summary>
internal sealed class SaltedCounterMode : IDisposable
{
    private readonly AesCounterMode _aes;
    private readonly ulong _saltHigh;
    private readonly ulong _saltLow;

    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="salt">14 bytes.</param>
    public SaltedCounterMode(byte[] key, ReadOnlySpan<byte> salt)
    {
        _aes = new AesCounterMode(key);
        Span<byte> block = stackalloc byte[16];
        block.Clear();
        salt.CopyTo(block);
        _saltHigh = BinaryPrimitives.ReadUInt64BigEndian(block);
        _saltLow = BinaryPrimitives.ReadUInt64BigEndian(block[8..]);
    }

    /// <param name="data">In place.</param>
    /// <param name="ssrc">Of the packet.</param>
    /// <param name="index">48 bits.</param>
    public void Apply(Span<byte> data, uint ssrc, ulong index) => _aes.Apply(data, _saltHigh ^ ssrc, _saltLow ^ (index << 16));

    public void Dispose() => _aes.Dispose();
}
