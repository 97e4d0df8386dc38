using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace VoiceGateway.Rtp;

/// <summary>
/// AES in counter mode: the counter blocks of a packet go through AES in one call, and what comes out is laid over the packet. Encrypting
/// twice decrypts.
/// </summary>
internal sealed class AesCounterMode : IDisposable
{
    private const int BlockLength = 16;

    private readonly Aes _aes;
    private readonly ICryptoTransform _blocks;

    /// <param name="key">16 or 32 bytes.</param>
    public AesCounterMode(byte[] key)
    {
        _aes = Aes.Create();
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _aes.Key = key;
        // Not EncryptEcb, which makes a cipher anew with every call.
        _blocks = _aes.CreateEncryptor();
    }

    /// <param name="data">In place; shorter than <see cref="SrtpScratch.Length"/>.</param>
    /// <param name="high">Upper half of the counter blocks.</param>
    /// <param name="low">Lower half of the first; it counts up.</param>
    public void Apply(Span<byte> data, ulong high, ulong low)
    {
        if (data.IsEmpty)
            return;
        var scratch = SrtpScratch.OfThisThread;
        var length = (data.Length + BlockLength - 1) / BlockLength * BlockLength;
        var counters = scratch.First.AsSpan(0, length);
        for (var at = 0; at < length; at += BlockLength)
        {
            BinaryPrimitives.WriteUInt64BigEndian(counters[at..], high);
            BinaryPrimitives.WriteUInt64BigEndian(counters[(at + 8)..], low++);
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
