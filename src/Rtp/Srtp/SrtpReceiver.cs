using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>
/// Opens what the peer sends under one set of keys. Any SSRC that proves itself is taken: SDP does not name them (RFC 4568 6.4).
/// <code>
///   identifier -> key   SSRC -> source   sequence -> index -> been here? -> proven? -> decrypted
/// </code>
/// Clock thread only.
/// </summary>
internal sealed class SrtpReceiver : IDisposable
{
    // One is usual, a second follows a transfer on the other side. Beyond that the one that was heard least lately makes room.
    private const int MostSources = 16;
    private const uint IndexMask = 0x7FFF_FFFF;

    private readonly (SrtpMasterKey Master, SrtpCipher Cipher)[] _keys;
    private readonly int _mkiLength;
    private readonly List<SrtpSource> _sources = new(2);

    public SrtpReceiver(IReadOnlyList<SrtpMasterKey> keys)
    {
        _keys = [.. keys.Select(static key => (key, SrtpCipher.Of(key)))];
        _mkiLength = keys[0].Mki.Length;
    }

    /// <summary>The peer has sent something under these keys since they came into use.</summary>
    public bool HasOpened { get; private set; }

    public bool HasKeys(IReadOnlyList<SrtpMasterKey> keys) => keys.SequenceEqual(_keys.Select(static key => key.Master));

    /// <summary>
    /// Comes into use, perhaps once more. Goes on where the sources have got to under earlier keys; knows what it has opened itself.
    /// </summary>
    public void Follow(SrtpReceiver? earlier)
    {
        HasOpened = false;
        foreach (var source in _sources)
            source.UnderThisKeyAgain(earlier?.Find(source.Ssrc));
        if (earlier is null)
            return;
        foreach (var source in earlier._sources)
        {
            if (_sources.Count < MostSources && Find(source.Ssrc) is null)
                _sources.Add(source.UnderAnotherKey());
        }
    }

    /// <param name="packet">In place; as it was unless it is opened.</param>
    /// <param name="length">Of the plain packet at its beginning.</param>
    public SrtpVerdict OpenRtp(Span<byte> packet, out int length)
    {
        length = 0;
        var payloadAt = SrtpHeader.PayloadAt(packet);
        if (payloadAt < 0)
            return SrtpVerdict.Malformed;
        if (Select(packet, isRtcp: false) is not var (master, cipher))
            return SrtpVerdict.Unauthentic;
        var verdict = OpenRtpUnder(cipher, WithoutMki(packet, cipher.BehindMki), payloadAt, out length);
        if (verdict != SrtpVerdict.Opened)
            PutBackMki(packet, master, cipher.BehindMki);
        return verdict;
    }

    /// <inheritdoc cref="OpenRtp"/>
    public SrtpVerdict OpenRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        if (Select(packet, isRtcp: true) is not var (master, cipher))
            return SrtpVerdict.Unauthentic;
        var verdict = OpenRtcpUnder(cipher, WithoutMki(packet, cipher.BehindRtcpMki), out length);
        if (verdict != SrtpVerdict.Opened)
            PutBackMki(packet, master, cipher.BehindRtcpMki);
        return verdict;
    }

    public void Dispose()
    {
        foreach (var (_, cipher) in _keys)
            cipher.Dispose();
    }

    private SrtpVerdict OpenRtpUnder(SrtpCipher cipher, Span<byte> packet, int payloadAt, out int length)
    {
        length = 0;
        var sequenceNumber = SrtpHeader.SequenceNumber(packet);
        var ssrc = SrtpHeader.Ssrc(packet);
        var source = Find(ssrc);
        if (source is not { IsProven: true })
            return OpenFirst(cipher, packet, payloadAt, sequenceNumber, source, ssrc, out length);

        var index = source.IndexOf(sequenceNumber);
        if (!source.IsNew(index))
            return SrtpVerdict.Replayed;
        if (!cipher.TryUnprotectRtp(packet, payloadAt, index, out length))
            return SrtpVerdict.Unauthentic;
        source.Take(index);
        KeepLongest(source);
        return SrtpVerdict.Opened;
    }

    private SrtpVerdict OpenRtcpUnder(SrtpCipher cipher, Span<byte> packet, out int length)
    {
        length = 0;
        if (cipher.RtcpIndexAt(packet.Length) is not (>= 0 and var indexAt))
            return SrtpVerdict.Malformed;
        var ssrc = SrtpHeader.RtcpSsrc(packet);
        var index = BinaryPrimitives.ReadUInt32BigEndian(packet[indexAt..]) & IndexMask;
        var source = Find(ssrc);
        if (source is not null && !source.IsNewRtcp(index))
            return SrtpVerdict.Replayed;
        if (!cipher.TryUnprotectRtcp(packet, out length))
            return SrtpVerdict.Unauthentic;
        (source ?? Add(ssrc)).TakeRtcp(index);
        HasOpened = true;
        return SrtpVerdict.Opened;
    }

    /// <summary>
    /// A source of which nothing is known since this key came into use. Its roll-over counter is what it was under the key before (RFC 3711
    /// 3.3.1), or 0, as some count anew with every key; or 1, when it began shortly before the sequence wrapped and its first packets are lost.
    /// </summary>
    private SrtpVerdict OpenFirst(
        SrtpCipher cipher, Span<byte> packet, int payloadAt, ushort sequenceNumber, SrtpSource? source, uint ssrc, out int length)
    {
        const ulong OnceAround = 0x1_0000;
        length = 0;
        ulong first = sequenceNumber;
        var likely = source?.IndexOf(sequenceNumber) ?? first;
        var verdict = SrtpVerdict.Unauthentic;
        for (var guess = 0; guess < 3; guess++)
        {
            var index = guess switch { 0 => likely, 1 => first, _ => first | OnceAround };
            if ((guess > 0 && index == likely) || (guess == 2 && sequenceNumber >= 0x8000))
                continue;
            if (source is not null && !source.IsNew(index))
            {
                verdict = SrtpVerdict.Replayed;
                continue;
            }
            if (!cipher.TryUnprotectRtp(packet, payloadAt, index, out length))
                continue;
            (source ?? Add(ssrc)).Take(index);
            HasOpened = true;
            return SrtpVerdict.Opened;
        }
        return verdict;
    }

    /// <summary>The key that a packet says it is under (RFC 3711 3.1, RFC 7714 5). Null: none of ours.</summary>
    private (SrtpMasterKey Master, SrtpCipher Cipher)? Select(ReadOnlySpan<byte> packet, bool isRtcp)
    {
        foreach (var key in _keys)
        {
            var at = packet.Length - (isRtcp ? key.Cipher.BehindRtcpMki : key.Cipher.BehindMki) - _mkiLength;
            if (_mkiLength > 0 && (at < SrtpHeader.RtcpLength || !packet.Slice(at, _mkiLength).SequenceEqual(key.Master.Mki)))
                continue;
            return key;
        }
        return null;
    }

    // What stands behind the identifier moves over it; and back again, where the packet may be under another key by the same identifier.
    private Span<byte> WithoutMki(Span<byte> packet, int behind)
    {
        if (_mkiLength > 0)
            packet[^behind..].CopyTo(packet[^(behind + _mkiLength)..]);
        return packet[..^_mkiLength];
    }

    private void PutBackMki(Span<byte> packet, SrtpMasterKey master, int behind)
    {
        if (_mkiLength == 0)
            return;
        var at = packet.Length - behind - _mkiLength;
        packet.Slice(at, behind).CopyTo(packet[^behind..]);
        master.Mki.CopyTo(packet[at..]);
    }

    private SrtpSource? Find(uint ssrc)
    {
        foreach (var source in _sources)
        {
            if (source.Ssrc == ssrc)
                return source;
        }
        return null;
    }

    // At the end of the list: its beginning makes room.
    private void KeepLongest(SrtpSource source)
    {
        if (_sources[^1] == source)
            return;
        _sources.Remove(source);
        _sources.Add(source);
    }

    private SrtpSource Add(uint ssrc)
    {
        if (_sources.Count == MostSources)
            _sources.RemoveAt(0);
        var source = new SrtpSource(ssrc);
        _sources.Add(source);
        return source;
    }
}
