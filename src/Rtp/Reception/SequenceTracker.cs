namespace VoiceGateway.Rtp;

/// <summary>
/// Sequence numbers of one source: wrap, gaps and large jumps (RFC 3550 A.1), packets expected, received and lost (A.3).
/// The probation of A.1 is left out: a call has one source whose address is checked already, and its first packet is speech.
/// </summary>
internal sealed class SequenceTracker
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;
    private const uint SequenceModulus = 1 << 16;

    private bool _started;
    private ushort _highest;
    private uint _cycles;
    private uint _base;
    private uint _badSequence;
    private uint _received;
    private uint _expectedPrior;
    private uint _receivedPrior;
    private long _lostBefore;

    /// <summary>Sequence number with its wraps, as the report block carries it.</summary>
    public uint ExtendedHighest => _cycles + _highest;

    /// <summary>Packets that never came since the source (re)started; negative when duplicates outnumber them.</summary>
    public int Lost => _started ? unchecked((int)(ExtendedHighest - _base + 1 - _received)) : 0;

    /// <summary>Packets that never came, over all restarts and sources.</summary>
    public long TotalLost => _lostBefore + Math.Max(0, Lost);

    public bool IsStarted => _started;

    public void Restart(ushort sequenceNumber)
    {
        _lostBefore = TotalLost;
        _started = true;
        _base = _highest = sequenceNumber;
        _badSequence = SequenceModulus + 1;
        _cycles = _received = _expectedPrior = _receivedPrior = 0;
    }

    public SequenceVerdict Update(ushort sequenceNumber)
    {
        var ahead = (ushort)(sequenceNumber - _highest);
        if (ahead < MaxDropout)
        {
            if (sequenceNumber < _highest)
                _cycles += SequenceModulus;
            _highest = sequenceNumber;
        }
        else if (ahead <= SequenceModulus - MaxMisorder)
        {
            if (sequenceNumber != _badSequence)
            {
                _badSequence = (sequenceNumber + 1u) & (SequenceModulus - 1);
                return SequenceVerdict.Rejected;
            }
            Restart(sequenceNumber);
            _received = 1;
            return SequenceVerdict.Restarted;
        }

        _received++;
        return SequenceVerdict.Valid;
    }

    /// <summary>Share of the packets lost since the last call, in 1/256 (RFC 3550 A.3).</summary>
    public byte TakeFractionLost()
    {
        var expected = ExtendedHighest - _base + 1;
        var expectedInterval = expected - _expectedPrior;
        var receivedInterval = _received - _receivedPrior;
        _expectedPrior = expected;
        _receivedPrior = _received;
        var lost = (int)(expectedInterval - receivedInterval);
        return expectedInterval == 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, ((long)lost << 8) / expectedInterval);
    }
}
