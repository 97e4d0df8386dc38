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

    /// <summary>The peer has sent something under these keys.</summary>
    public bool HasOpened { get; private set; }

    public bool HasKeys(IReadOnlyList<SrtpMasterKey> keys) => keys.SequenceEqual(_keys.Select(static key => key.Master));

    /// <summary>Goes on where the sources have got to under earlier keys.</summary>
    public void Follow(SrtpReceiver earlier)
    {
        foreach (var source in earlier._sources)
            _sources.Add(source.UnderAnotherKey());
    }

    /// <param name="packet">In place; as it was unless it is opened.</param>
    /// <param name="length">Of the plain packet at its beginning.</param>
    public SrtpVerdict OpenRtp(Span<byte> packet, out int length)
    {
        length = 0;
        var payloadAt = SrtpHeader.PayloadAt(packet);
        if (payloadAt < 0)
            return SrtpVerdict.Malformed;
        var sequenceNumber = SrtpHeader.SequenceNumber(packet);
        var ssrc = SrtpHeader.Ssrc(packet);
        if (Select(ref packet, isRtcp: false) is not { } cipher)
            return SrtpVerdict.Unauthentic;
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

    /// <inheritdoc cref="OpenRtp"/>
    public SrtpVerdict OpenRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        if (Select(ref packet, isRtcp: true) is not { } cipher)
            return SrtpVerdict.Unauthentic;
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

    public void Dispose()
    {
        foreach (var (_, cipher) in _keys)
            cipher.Dispose();
    }

    /// <summary>
    /// A source of which nothing is known under this key. Its roll-over counter is what it was under the key before (RFC 3711 3.3.1), or
    /// 0, as some count anew with every key; or 1, when it began shortly before the sequence wrapped and its first packets are lost.
    /// </summary>
    private SrtpVerdict OpenFirst(
        SrtpCipher cipher, Span<byte> packet, int payloadAt, ushort sequenceNumber, SrtpSource? source, uint ssrc, out int length)
    {
        const ulong OnceAround = 0x1_0000;
        ulong index = sequenceNumber;
        var likely = source?.IndexOf(sequenceNumber) ?? index;
        if (cipher.TryUnprotectRtp(packet, payloadAt, likely, out length))
            index = likely;
        else if (likely != index && cipher.TryUnprotectRtp(packet, payloadAt, index, out length))
            index = sequenceNumber;
        else if (sequenceNumber < 0x8000 && likely != (index | OnceAround) && cipher.TryUnprotectRtp(packet, payloadAt, index | OnceAround, out length))
            index |= OnceAround;
        else
            return SrtpVerdict.Unauthentic;
        (source ?? Add(ssrc)).Take(index);
        HasOpened = true;
        return SrtpVerdict.Opened;
    }

    /// <summary>The key of a packet, from which the master key identifier is taken out (RFC 3711 3.1, RFC 7714 5). Null: none of ours.</summary>
    private SrtpCipher? Select(ref Span<byte> packet, bool isRtcp)
    {
        if (_mkiLength == 0)
            return _keys[0].Cipher;
        foreach (var (master, cipher) in _keys)
        {
            var behind = packet.Length - (isRtcp ? cipher.BehindRtcpMki : cipher.BehindMki);
            var at = behind - _mkiLength;
            if (at < SrtpHeader.RtcpLength || !packet[at..behind].SequenceEqual(master.Mki))
                continue;
            packet[behind..].CopyTo(packet[at..]);
            packet = packet[..^_mkiLength];
            return cipher;
        }
        return null;
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
