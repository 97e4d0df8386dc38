using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VoiceGateway.Rtp;

/// <summary>
/// AES in Galois/counter mode (RFC 7714).
/// <code>
///   SRTP   header, proven | payload, encrypted and proven | tag
///   SRTCP  8 bytes, proven | the rest, encrypted and proven | tag | E, index, proven
/// </code>
/// </summary>
internal sealed class SrtpGcmCipher : SrtpCipher
{
    private const int TagLength = 16;
    private const int NonceLength = 12;

    private readonly AesGcm _rtp;
    private readonly AesGcm _rtcp;
    private readonly AesCounterMode _rtpStream;
    private readonly AesCounterMode _rtcpStream;
    private readonly byte[] _rtpSalt;
    private readonly byte[] _rtcpSalt;

    public SrtpGcmCipher(SrtpMasterKey key)
        : this(
            SrtpKeyDerivation.Derive(key, SrtpKeyDerivation.RtpEncryption, key.Suite.KeyLength),
            SrtpKeyDerivation.Derive(key, SrtpKeyDerivation.RtpSalt, NonceLength),
            SrtpKeyDerivation.Derive(key, SrtpKeyDerivation.RtcpEncryption, key.Suite.KeyLength),
            SrtpKeyDerivation.Derive(key, SrtpKeyDerivation.RtcpSalt, NonceLength))
    {
    }

    /// <summary>With the session's keys as they are, as the vectors of RFC 7714 16 and 17 give them.</summary>
    internal SrtpGcmCipher(byte[] rtpKey, byte[] rtpSalt, byte[] rtcpKey, byte[] rtcpSalt)
    {
        (_rtp, _rtpStream, _rtpSalt) = (new AesGcm(rtpKey, TagLength), new AesCounterMode(rtpKey), rtpSalt);
        (_rtcp, _rtcpStream, _rtcpSalt) = (new AesGcm(rtcpKey, TagLength), new AesCounterMode(rtcpKey), rtcpSalt);
    }

    public override int BehindMki => 0;

    public override int BehindRtcpMki => 0;

    public override int ProtectRtp(Span<byte> buffer, int payloadAt, int length, ulong index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        RtpNonce(buffer, index, nonce);
        var payload = buffer[payloadAt..length];
        _rtp.Encrypt(nonce, payload, payload, buffer.Slice(length, TagLength), buffer[..payloadAt]);
        return length + TagLength;
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int payloadAt, ulong index, out int length)
    {
        length = packet.Length - TagLength;
        if (length < payloadAt)
            return false;
        Span<byte> nonce = stackalloc byte[NonceLength];
        RtpNonce(packet, index, nonce);
        return TryOpen(_rtp, _rtpStream, nonce, packet[payloadAt..length], packet[length..], packet[..payloadAt]);
    }

    public override int ProtectRtcp(Span<byte> buffer, int length, uint index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        RtcpNonce(buffer, index, nonce);
        var end = length + TagLength;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[end..], RtcpIsEncrypted | index);
        Span<byte> proven = stackalloc byte[SrtpHeader.RtcpLength + RtcpIndexLength];
        buffer[..SrtpHeader.RtcpLength].CopyTo(proven);
        buffer.Slice(end, RtcpIndexLength).CopyTo(proven[SrtpHeader.RtcpLength..]);
        var body = buffer[SrtpHeader.RtcpLength..length];
        _rtcp.Encrypt(nonce, body, body, buffer.Slice(length, TagLength), proven);
        return end + RtcpIndexLength;
    }

    public override int RtcpIndexAt(int length)
    {
        var at = length - RtcpIndexLength;
        return at >= SrtpHeader.RtcpLength + TagLength ? at : -1;
    }

    public override bool TryUnprotectRtcp(Span<byte> packet, out int length)
    {
        var indexAt = RtcpIndexAt(packet.Length);
        length = indexAt - TagLength;
        var index = BinaryPrimitives.ReadUInt32BigEndian(packet[indexAt..]);
        Span<byte> nonce = stackalloc byte[NonceLength];
        RtcpNonce(packet, index & ~RtcpIsEncrypted, nonce);

        // Proven, but not encrypted, is the head; or everything, where the sender does not encrypt (RFC 7714 9.3).
        var head = (index & RtcpIsEncrypted) != 0 ? SrtpHeader.RtcpLength : length;
        Span<byte> proven = stackalloc byte[DatagramBatch.MaxDatagramLength];
        packet[..head].CopyTo(proven);
        packet[indexAt..].CopyTo(proven[head..]);
        return TryOpen(_rtcp, _rtcpStream, nonce, packet[head..length], packet[length..indexAt], proven[..(head + RtcpIndexLength)]);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpStream.Dispose();
        _rtcpStream.Dispose();
    }

    /// <summary>
    /// Not <see cref="AesGcm.Decrypt(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte}, ReadOnlySpan{byte})"/>,
    /// which throws at what is not proven: anybody may send that, as fast as the network carries it. So it is decrypted by the counter
    /// mode within (NIST SP 800-38D 7.1: block 1 is the tag's), and encrypted again for the tag that it must have had.
    /// </summary>
    private static bool TryOpen(AesGcm gcm, AesCounterMode stream, ReadOnlySpan<byte> nonce, Span<byte> text, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> proven)
    {
        var (high, low) = (BinaryPrimitives.ReadUInt64BigEndian(nonce), ((ulong)BinaryPrimitives.ReadUInt32BigEndian(nonce[8..]) << 32) | 2);
        stream.Apply(text, high, low);
        Span<byte> expected = stackalloc byte[TagLength];
        gcm.Encrypt(nonce, text, SrtpScratch.OfThisThread.First.AsSpan(0, text.Length), expected, proven);
        if (CryptographicOperations.FixedTimeEquals(expected, tag))
            return true;
        stream.Apply(text, high, low);
        return false;
    }

    // RFC 7714 8.1: zeros, SSRC, roll-over counter and sequence number, XOR the salt.
    private void RtpNonce(ReadOnlySpan<byte> packet, ulong index, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt16BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], SrtpHeader.Ssrc(packet));
        BinaryPrimitives.WriteUInt32BigEndian(nonce[6..], (uint)(index >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(nonce[10..], (ushort)index);
        Xor(nonce, _rtpSalt);
    }

    // RFC 7714 9.1: zeros, SSRC, zeros, index, XOR the salt.
    private void RtcpNonce(ReadOnlySpan<byte> packet, uint index, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt16BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], SrtpHeader.RtcpSsrc(packet));
        BinaryPrimitives.WriteUInt16BigEndian(nonce[6..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], index);
        Xor(nonce, _rtcpSalt);
    }

    private static void Xor(Span<byte> nonce, byte[] salt)
    {
        for (var i = 0; i < nonce.Length; i++)
            nonce[i] ^= salt[i];
    }
}
