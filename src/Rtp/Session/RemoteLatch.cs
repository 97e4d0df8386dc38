namespace VoiceGateway.Rtp;

/// <summary>
/// Symmetric RTP (RFC 4961): we send to where the peer's packets come from, since behind a NAT the address in its SDP is of no use.
/// The price is that whoever sends first to our port could take the call over ("RTP bleed"). So:
/// <list type="number">
/// <item>The first valid packet latches its source. Until then we send to the address in the SDP.</item>
/// <item>For a short time (the trial) whoever is better known wins at once: the address in the SDP before another port of that host,
/// that before anybody else.</item>
/// <item>Who has not sent three packets in sequence is displaced by who does: one stray packet holds no place.</item>
/// <item>A source that has proved itself keeps its place while it sends. Once it has been silent for longer than any packet lasts,
/// three packets in sequence take over if they go on with its SSRC and sequence (a NAT has rebound; a stranger would have to guess 48
/// bits), or come from the address in the SDP; and after `Relatch` if they come at least from the host of one of the two.</item>
/// <item>A changed address in the SDP (re-INVITE, UPDATE) opens the latch again. What the old source still has under way is heard but
/// does not latch for a second. An unchanged one (session refresh, end of hold) leaves the latch alone.</item>
/// </list>
/// A stranger of another host therefore never takes over by sending alone, however long the caller is silent. What remains: one who
/// sends before the caller does to a call whose caller is behind a NAT. Only SRTP closes that.
/// </summary>
internal sealed class RemoteLatch(LatchTimes times, bool symmetric = true)
{
    private const int ProvenPackets = 3;

    // RFC 3550 A.1: further ahead is no continuation.
    private const int MaxDropout = 3000;

    private TransportAddress? _latched;
    private TransportAddress? _signalled;
    private TransportAddress? _previous;
    private TransportAddress _candidate;
    private long _graceEndsTicks;
    private long _trialEndsTicks;
    private long _lastHeardTicks;
    private uint _ssrc;
    private ushort _sequence;
    private int _run;
    private uint _candidateSsrc;
    private ushort _candidateNext;
    private int _candidateRun;
    private bool _onHold;

    /// <summary>Where to send; null when that is not known, or the SDP said nowhere.</summary>
    public TransportAddress? Destination => _onHold ? null : symmetric ? _latched ?? _signalled ?? _previous : _signalled ?? _latched ?? _previous;

    public TransportAddress? Latched => _latched;

    public TransportAddress? Signalled => _signalled;

    /// <summary>Takes the address of an SDP. Port 0 or 0.0.0.0 stops sending (RFC 3264 8.4) and changes nothing else.</summary>
    public void SetSignalled(in TransportAddress address, long nowTicks)
    {
        _onHold = !address.IsUsable;
        if (_onHold || address == _signalled)
            return;
        _signalled = address;
        if (_latched != address)
            Open(nowTicks);
    }

    /// <summary>The address that a name in the SDP turned out to be: worth as much as one in the SDP, but nobody has moved.</summary>
    public void Learn(in TransportAddress address) => _signalled = address;

    /// <summary>An SDP moved the media to an address that is not known yet: its first packet will tell. Until then we send as before.</summary>
    public void Forget(long nowTicks)
    {
        _onHold = false;
        _signalled = null;
        Open(nowTicks);
    }

    /// <summary>Judges the source of a packet that is RTP of a negotiated payload type.</summary>
    public LatchVerdict Check(in TransportAddress source, uint ssrc, ushort sequenceNumber, long nowTicks)
    {
        if (_latched is not { } latched)
        {
            if (source == _previous && nowTicks < _graceEndsTicks)
                return LatchVerdict.Accepted;
            _trialEndsTicks = nowTicks + times.Trial;
            return Latch(source, ssrc, sequenceNumber, run: 1, nowTicks);
        }

        if (source == latched)
        {
            _run = ssrc == _ssrc && sequenceNumber == (ushort)(_sequence + 1) ? Math.Min(_run + 1, ProvenPackets) : Math.Max(_run, 1);
            (_lastHeardTicks, _ssrc, _sequence) = (nowTicks, ssrc, sequenceNumber);
            _candidateRun = 0;
            return LatchVerdict.Accepted;
        }

        var run = Follow(source, ssrc, sequenceNumber);
        var wins = (nowTicks < _trialEndsTicks && Rank(source) > Rank(latched))
            || (run >= ProvenPackets && (_run < ProvenPackets || Succeeds(source, latched, ssrc, sequenceNumber, nowTicks)));
        return wins ? Latch(source, ssrc, sequenceNumber, run, nowTicks) : LatchVerdict.Foreign;
    }

    private bool Succeeds(in TransportAddress source, in TransportAddress latched, uint ssrc, ushort sequenceNumber, long nowTicks)
    {
        var silent = nowTicks - _lastHeardTicks;
        if (silent < times.Silence)
            return false;
        if (source == _signalled || (ssrc == _ssrc && (ushort)(sequenceNumber - _sequence) < MaxDropout))
            return true;
        return silent >= times.Relatch && (source.SameHost(latched) || IsHostOfSdp(source));
    }

    /// <returns>Packets in sequence from there. A flood of strangers does not break off the run of one who is likely to be the peer.</returns>
    private int Follow(in TransportAddress source, uint ssrc, ushort sequenceNumber)
    {
        var continues = _candidateRun > 0 && source == _candidate && ssrc == _candidateSsrc && sequenceNumber == _candidateNext;
        if (!continues && _candidateRun > 0 && IsLikely(_candidate, _candidateSsrc) && !IsLikely(source, ssrc))
            return 1;
        _candidateRun = continues ? Math.Min(_candidateRun + 1, ProvenPackets) : 1;
        (_candidate, _candidateSsrc, _candidateNext) = (source, ssrc, (ushort)(sequenceNumber + 1));
        return _candidateRun;
    }

    private bool IsLikely(in TransportAddress source, uint ssrc) => source == _signalled || ssrc == _ssrc;

    private int Rank(in TransportAddress source) => source == _signalled ? 2 : IsHostOfSdp(source) ? 1 : 0;

    private bool IsHostOfSdp(in TransportAddress source) => _signalled is { } signalled && source.SameHost(signalled);

    private void Open(long nowTicks)
    {
        if (_latched is { } old)
            (_previous, _graceEndsTicks) = (old, nowTicks + times.Grace);
        _latched = null;
        _candidateRun = 0;
    }

    private LatchVerdict Latch(in TransportAddress source, uint ssrc, ushort sequenceNumber, int run, long nowTicks)
    {
        (_latched, _ssrc, _sequence, _run, _lastHeardTicks) = (source, ssrc, sequenceNumber, run, nowTicks);
        _previous = null;
        _candidateRun = 0;
        return LatchVerdict.Latched;
    }
}
