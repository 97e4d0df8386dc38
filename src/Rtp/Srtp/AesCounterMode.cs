using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace VoiceGateway.Rtp;

/// <summary>
/// AES in counter mode as RFC 3711 4.1.1 has it: the counter blocks of a packet go through AES in one call, and what comes out is laid
/// over the packet. Encrypting twice decrypts.
/// <code>
///   block j:  salt (14 bytes)        0 0
///       XOR   0 0 0 0  SSRC  index   j j
/// </code>
/// </summary>
internal sealed class AesCounterMode : IDisposable
{
    private const int BlockLength = 16;

    private readonly Aes _aes;
    private readonly ICryptoTransform _blocks;
    private readonly ulong _saltHigh;
    private readonly ulong _saltLow;

    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="salt">14 bytes.</param>
    public AesCounterMode(byte[] key, ReadOnlySpan<byte> salt)
    {
        _aes = Aes.Create();
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _aes.Key = key;
        // Not EncryptEcb, which makes a cipher anew with every call.
        _blocks = _aes.CreateEncryptor();
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        salt.CopyTo(block);
        _saltHigh = BinaryPrimitives.ReadUInt64BigEndian(block);
        _saltLow = BinaryPrimitives.ReadUInt64BigEndian(block[8..]);
    }

    /// <param name="data">In place; shorter than <see cref="SrtpScratch.Length"/>.</param>
    /// <param name="ssrc">Of the packet.</param>
    /// <param name="index">48 bits.</param>
    public void Apply(Span<byte> data, uint ssrc, ulong index)
    {
        if (data.IsEmpty)
            return;
        var scratch = SrtpScratch.OfThisThread;
        var length = (data.Length + BlockLength - 1) / BlockLength * BlockLength;
        var counters = scratch.First.AsSpan(0, length);
        var high = _saltHigh ^ ssrc;
        var low = _saltLow ^ (index << 16);
        for (var at = 0; at < length; at += BlockLength)
        {
            BinaryPrimitives.WriteUInt64BigEndian(counters[at..], high);
            BinaryPrimitives.WriteUInt64BigEndian(counters[(at + 8)..], low ^ (uint)(at / BlockLength));
        }
        _blocks.TransformBlock(scratch.First, 0, length, scratch.Second, 0);
        Xor(data, scratch.Second);
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _aes.Dispose();
    }

    private static void Xor(Span<byte> data, ReadOnlySpan<byte> stream)
    {
        var i = 0;
        for (; i <= data.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(data[i..]) ^ new Vector<byte>(stream[i..])).CopyTo(data[i..]);
        for (; i < data.Length; i++)
            data[i] ^= stream[i];
    }
}
