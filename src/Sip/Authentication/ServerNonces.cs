using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace VoiceGateway.Sip;

/// <summary>
/// Nonces without a memory of them: <c>time | random | HMAC</c> in base64url, by a key that lives as long as the process. To hand
/// one out costs nothing that a flood could use up.
/// </summary>
internal sealed class ServerNonces(TimeProvider time, TimeSpan lifetime)
{
    private const int SignedBytes = 16;
    private const int MacBytes = 16;
    private const int Bytes = SignedBytes + MacBytes;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Create()
    {
        Span<byte> nonce = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, time.GetTimestamp());
        RandomNumberGenerator.Fill(nonce[8..SignedBytes]);
        Sign(nonce[..SignedBytes], nonce[SignedBytes..]);
        return Base64Url.EncodeToString(nonce);
    }

    /// <summary>False for one that is not ours or has expired.</summary>
    /// <param name="nonce">As it came.</param>
    /// <param name="issuedAt">When it was made, as a timestamp.</param>
    public bool IsFresh(string nonce, out long issuedAt)
    {
        issuedAt = 0;
        Span<byte> bytes = stackalloc byte[Bytes];
        Span<byte> mac = stackalloc byte[MacBytes];
        if (nonce.Length != Base64Url.GetEncodedLength(Bytes) || Base64Url.DecodeFromChars(nonce, bytes, out _, out int length) != OperationStatus.Done || length != Bytes)
            return false;
        Sign(bytes[..SignedBytes], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[SignedBytes..]))
            return false;
        issuedAt = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return time.GetElapsedTime(issuedAt) <= lifetime;
    }

    private void Sign(ReadOnlySpan<byte> data, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, data, whole);
        whole[..MacBytes].CopyTo(mac);
    }
}
