using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VoiceGateway.Rtp;

/// <summary>
/// AES in counter mode and HMAC-SHA1 (RFC 3711 4.1.1 and 4.2.1, RFC 6188). Proven before it is decrypted.
/// <code>
///   SRTP   header | payload, encrypted | tag over all before it and the roll-over counter
///   SRTCP  8 bytes | the rest, encrypted | E, index | tag over all before it
/// </code>
/// </summary>
internal sealed class SrtpCounterCipher : SrtpCipher
{
    private const int HashLength = 20;
    private const int AuthenticationKeyLength = 20;

    private readonly SrtpSuite _suite;
    private readonly SaltedCounterMode _rtp;
    private readonly SaltedCounterMode _rtcp;
    private readonly IncrementalHash _rtpHash;
    private readonly IncrementalHash _rtcpHash;

    public SrtpCounterCipher(SrtpMasterKey key)
    {
        _suite = key.Suite;
        _rtp = Counter(key, SrtpKeyDerivation.RtpEncryption, SrtpKeyDerivation.RtpSalt);
        _rtcp = Counter(key, SrtpKeyDerivation.RtcpEncryption, SrtpKeyDerivation.RtcpSalt);
        _rtpHash = Hash(key, SrtpKeyDerivation.RtpAuthentication);
        _rtcpHash = Hash(key, SrtpKeyDerivation.RtcpAuthentication);
    }

    public override int BehindMki => _suite.TagLength;

    public override int BehindRtcpMki => _suite.RtcpTagLength;

    public override int ProtectRtp(Span<byte> buffer, int payloadAt, int length, ulong index)
    {
        _rtp.Apply(buffer[payloadAt..length], SrtpHeader.Ssrc(buffer), index);
        Span<byte> hash = stackalloc byte[HashLength];
        HashRtp(buffer[..length], index, hash);
        hash[.._suite.TagLength].CopyTo(buffer[length..]);
        return length + _suite.TagLength;
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int payloadAt, ulong index, out int length)
    {
        length = packet.Length - _suite.TagLength;
        if (length < payloadAt)
            return false;
        Span<byte> hash = stackalloc byte[HashLength];
        HashRtp(packet[..length], index, hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[.._suite.TagLength], packet[length..]))
            return false;
        _rtp.Apply(packet[payloadAt..length], SrtpHeader.Ssrc(packet), index);
        return true;
    }

    public override int ProtectRtcp(Span<byte> buffer, int length, uint index)
    {
        _rtcp.Apply(buffer[SrtpHeader.RtcpLength..length], SrtpHeader.RtcpSsrc(buffer), index);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], RtcpIsEncrypted | index);
        length += RtcpIndexLength;
        Span<byte> hash = stackalloc byte[HashLength];
        HashRtcp(buffer[..length], hash);
        hash[.._suite.RtcpTagLength].CopyTo(buffer[length..]);
        return length + _suite.RtcpTagLength;
    }

    public override int RtcpIndexAt(int length)
    {
        var at = length - _suite.RtcpTagLength - RtcpIndexLength;
        return at >= SrtpHeader.RtcpLength ? at : -1;
    }

    public override bool TryUnprotectRtcp(Span<byte> packet, out int length)
    {
        length = RtcpIndexAt(packet.Length);
        var proven = packet[..(length + RtcpIndexLength)];
        Span<byte> hash = stackalloc byte[HashLength];
        HashRtcp(proven, hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[.._suite.RtcpTagLength], packet[proven.Length..]))
            return false;
        var index = BinaryPrimitives.ReadUInt32BigEndian(packet[length..]);
        if ((index & RtcpIsEncrypted) != 0)
            _rtcp.Apply(packet[SrtpHeader.RtcpLength..length], SrtpHeader.RtcpSsrc(packet), index & ~RtcpIsEncrypted);
        return true;
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpHash.Dispose();
        _rtcpHash.Dispose();
    }

    private static SaltedCounterMode Counter(SrtpMasterKey key, byte encryption, byte salt) => new(
        SrtpKeyDerivation.Derive(key, encryption, key.Suite.KeyLength), SrtpKeyDerivation.Derive(key, salt, key.Suite.SaltLength));

    private static IncrementalHash Hash(SrtpMasterKey key, byte label) =>
        IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, SrtpKeyDerivation.Derive(key, label, AuthenticationKeyLength));

    // RFC 3711 4.2: the roll-over counter is not in the packet, and is proven with it.
    private void HashRtp(ReadOnlySpan<byte> packet, ulong index, Span<byte> hash)
    {
        Span<byte> rollOver = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollOver, (uint)(index >> 16));
        _rtpHash.AppendData(packet);
        _rtpHash.AppendData(rollOver);
        _rtpHash.GetHashAndReset(hash);
    }

    private void HashRtcp(ReadOnlySpan<byte> packet, Span<byte> hash)
    {
        _rtcpHash.AppendData(packet);
        _rtcpHash.GetHashAndReset(hash);
    }
}
