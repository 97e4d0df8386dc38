namespace VoiceGateway.Rtp;

/// <summary>
/// Symmetric RTP (RFC 4961): we send to where the peer's packets come from, since behind a NAT the address in its SDP is of no use.
/// The price is that whoever sends first to our port could take the call over ("RTP bleed"). So:
/// <list type="number">
/// <item>The first valid packet latches its source. Until then we send to the address in the SDP.</item>
/// <item>The address in the SDP beats a learnt one as soon as it sends: signalling vouches for it.</item>
/// <item>A third address takes over only with three packets in sequence between which the latched source was silent, and then either
/// with the SSRC of the running stream (a NAT has rebound; a stranger would have to guess 32 bits) or after the latched source has
/// been silent for `relatchTicks`.</item>
/// <item>A changed address in the SDP (re-INVITE) opens the latch again. What the old source still has under way is heard but does not
/// latch for a second. An unchanged one (session refresh, end of hold) leaves the latch alone.</item>
/// </list>
/// What remains: a caller behind a NAT with silence suppression who says nothing for `relatchTicks` can be replaced by a stranger who
/// knows our port. Only SRTP closes that; an infinite `relatchTicks` does too, if no peer switches its media source without SDP.
/// </summary>
internal sealed class RemoteLatch(long relatchTicks, long graceTicks, bool symmetric = true)
{
    private const int CandidatePackets = 3;

    private TransportAddress? _latched;
    private TransportAddress? _signalled;
    private TransportAddress? _previous;
    private TransportAddress _candidate;
    private long _graceEndsTicks;
    private long _lastHeardTicks;
    private uint _ssrc;
    private uint _candidateSsrc;
    private ushort _candidateNext;
    private int _candidateCount;
    private bool _onHold;

    /// <summary>Where to send; null when that is not known, or the SDP said nowhere.</summary>
    public TransportAddress? Destination => _onHold ? null : symmetric ? _latched ?? _signalled : _signalled ?? _latched;

    public TransportAddress? Latched => _latched;

    public TransportAddress? Signalled => _signalled;

    /// <summary>Takes the address of an SDP. Port 0 or 0.0.0.0 stops sending (RFC 3264 8.4) and changes nothing else.</summary>
    public void SetSignalled(in TransportAddress address, long nowTicks)
    {
        _onHold = !address.IsUsable;
        if (_onHold || address == _signalled)
            return;
        _signalled = address;
        if (_latched == address)
            return;
        if (_latched is { } old)
            (_previous, _graceEndsTicks) = (old, nowTicks + graceTicks);
        _latched = null;
        _candidateCount = 0;
    }

    /// <summary>Judges the source of a packet that is RTP of a negotiated payload type.</summary>
    public LatchVerdict Check(in TransportAddress source, uint ssrc, ushort sequenceNumber, long nowTicks)
    {
        if (_latched is not { } latched)
            return source == _previous && nowTicks < _graceEndsTicks ? LatchVerdict.Accepted : Latch(source, ssrc, nowTicks);

        if (source == latched)
        {
            _lastHeardTicks = nowTicks;
            _ssrc = ssrc;
            _candidateCount = 0;
            return LatchVerdict.Accepted;
        }
        return source == _signalled || TakesOver(source, ssrc, sequenceNumber, nowTicks) ? Latch(source, ssrc, nowTicks) : LatchVerdict.Foreign;
    }

    private bool TakesOver(in TransportAddress source, uint ssrc, ushort sequenceNumber, long nowTicks)
    {
        var continues = _candidateCount > 0 && source == _candidate && ssrc == _candidateSsrc && sequenceNumber == _candidateNext;
        _candidateCount = continues ? _candidateCount + 1 : 1;
        (_candidate, _candidateSsrc, _candidateNext) = (source, ssrc, (ushort)(sequenceNumber + 1));
        return _candidateCount >= CandidatePackets && (ssrc == _ssrc || nowTicks - _lastHeardTicks >= relatchTicks);
    }

    private LatchVerdict Latch(in TransportAddress source, uint ssrc, long nowTicks)
    {
        (_latched, _ssrc, _lastHeardTicks) = (source, ssrc, nowTicks);
        _previous = null;
        _candidateCount = 0;
        return LatchVerdict.Latched;
    }
}
