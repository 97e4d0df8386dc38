namespace VoiceGateway.Rtp;

/// <summary>What is known of one SSRC under one key: how far it has got, and what has been here.</summary>
internal sealed class SrtpSource(uint ssrc)
{
    private const ulong Mask48 = 0xFFFF_FFFF_FFFF;
    private const int Half = 0x8000;

    private ReplayWindow _rtp;
    private ReplayWindow _rtcp;
    private ulong _highest;

    public uint Ssrc => ssrc;

    /// <summary>A packet under this key has been opened. Before that, how far it has got is a guess.</summary>
    public bool IsProven { get; private set; }

    /// <summary>The same source under another key: its roll-over counter goes on (RFC 3711 3.3.1), its packets are new ones.</summary>
    public SrtpSource UnderAnotherKey() => new(ssrc) { _highest = _highest };

    /// <summary>
    /// Its key is in use again. How far it has got is a guess once more, and no less than under the key between; what has been here
    /// before is still known (RFC 3711 3.3.2).
    /// </summary>
    public void UnderThisKeyAgain(SrtpSource? between)
    {
        IsProven = false;
        if (between is not null && between._highest > _highest)
            _highest = between._highest;
    }

    /// <summary>The index that this sequence number most likely has (RFC 3711 3.3.1).</summary>
    public ulong IndexOf(ushort sequenceNumber)
    {
        var rollOver = _highest >> 16;
        var last = (ushort)_highest;
        if (last < Half && sequenceNumber - last > Half)
            rollOver--;
        else if (last >= Half && last - Half > sequenceNumber)
            rollOver++;
        return ((rollOver << 16) | sequenceNumber) & Mask48;
    }

    public bool IsNew(ulong index) => _rtp.MayTake(index);

    public void Take(ulong index)
    {
        _rtp.Take(index);
        if (!IsProven || index > _highest)
            _highest = index;
        IsProven = true;
    }

    public bool IsNewRtcp(uint index) => _rtcp.MayTake(index);

    public void TakeRtcp(uint index) => _rtcp.Take(index);
}
