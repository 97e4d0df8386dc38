namespace VoiceGateway.Records;

/// <summary>
/// The caller's voice on the clock's time axis. It comes at the pace of the caller's own clock and with the network's jitter, so a little
/// of it waits; whenever too much or too little does, frames are read a few samples longer or shorter, until that is made up.
/// <code>packets ─▶ ring ─▶ [160 samples; up to 8 more or less, stretched to 160] ─▶ 20 ms of the recording</code>
/// Within the bounds every sample is recorded as it came.
/// </summary>
internal sealed class CallerTrack
{
    public const int FrameSamples = 160;

    private const int SampleRateHz = 8000;

    // The caller's packets arrive somewhere in the clock's 20 ms; this much of them waits at first, so that jitter makes no holes.
    private const int PrimedFrames = 2;

    // Beyond this what waits is no jitter any more: back to where it began.
    private const int MostFrames = 10;

    // During a while at least a frame and a packet wait, for with drift a packet comes after the read that it came before until now; and 25 ms
    // more at most.
    private const int WhileFrames = 32;
    private const int LongestPacket = 3 * FrameSamples;
    private const int Play = FrameSamples * 5 / 4;

    // A twentieth faster or slower; nobody who listens to a recording minds.
    private const int MostStretch = 8;

    private readonly SampleRing _waiting = new(SampleRateHz);
    private int _priming = PrimedFrames;
    private int _stretch;
    private int _least = int.MaxValue;
    private int _shortest = int.MaxValue;
    private int _arrived;
    private int _frames;
    private short _last;

    /// <summary>The caller's voice as it arrives, any number of samples.</summary>
    public void Write(ReadOnlySpan<short> pcm8kHz)
    {
        _waiting.Write(pcm8kHz);
        _arrived += pcm8kHz.Length;
    }

    /// <summary>The next 20 ms of the time axis.</summary>
    /// <returns>False for the first frames, which lie before the recording.</returns>
    public bool TryRead(Span<short> frame)
    {
        if (_priming > 0)
        {
            if (_priming-- == PrimedFrames) _waiting.Skip(_waiting.Count);
            return false;
        }
        if (_waiting.Count > MostFrames * FrameSamples) _waiting.Skip(_waiting.Count - PrimedFrames * FrameSamples);
        Watch();
        var wanted = FrameSamples + _stretch;
        if (_waiting.Count < wanted)
        {
            frame.Clear();
            _last = 0;
            return true;
        }
        Span<short> pcm = stackalloc short[FrameSamples + MostStretch];
        _waiting.Read(pcm[..wanted]);
        Stretch(pcm[..wanted], frame);
        _last = pcm[wanted - 1];
        return true;
    }

    // Every while anew: made up within the next.
    private void Watch()
    {
        _least = Math.Min(_least, _waiting.Count);
        if (_arrived > 0) _shortest = Math.Min(_shortest, _arrived);
        _arrived = 0;
        if (++_frames < WhileFrames) return;
        var wanted = FrameSamples + Math.Clamp(_shortest, FrameSamples, LongestPacket);
        var off = _least - Math.Clamp(_least, wanted, wanted + Play);
        _stretch = Math.Clamp((off + Math.Sign(off) * (WhileFrames - 1)) / WhileFrames, -MostStretch, MostStretch);
        (_frames, _least, _shortest) = (0, int.MaxValue, int.MaxValue);
    }

    // Between two samples on the straight line; the last of the frame before is the one before the first, so that frames join.
    private void Stretch(ReadOnlySpan<short> pcm, Span<short> frame)
    {
        if (pcm.Length == frame.Length)
        {
            pcm.CopyTo(frame);
            return;
        }
        for (var i = 0; i < frame.Length; i++)
        {
            // In steps of 1/160 of a sample.
            var (at, rest) = Math.DivRem((i + 1) * pcm.Length, FrameSamples);
            int before = at == 0 ? _last : pcm[at - 1];
            frame[i] = rest == 0 ? (short)before : (short)(before + (pcm[at] - before) * rest / FrameSamples);
        }
    }
}
