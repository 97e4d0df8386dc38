using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// What was queued for a line before, for the line of now: converted as it leaves, a frame at a time, without allocation. It is as long as it was:
/// the filter's delay at the beginning is left out, and what it holds at the end pushed out. Not thread-safe: its owner locks.
/// <code>│ as it was queued │ ─▶ decode ─▶ [resample, 10 ms at a time] ─▶ encode</code>
/// </summary>
internal sealed class PlayoutCarry : IDisposable
{
    private const int SliceMs = 10;
    private const int MaxSliceSamples = PlayoutLine.MaxFrameSamples * SliceMs / Playout.FrameMs;

    private readonly PlayoutQueue _queue;
    private readonly SpeechCodec _from;
    private readonly SpeechCodec _to;
    private readonly Resampler? _resampler;
    private readonly short[] _ready;
    private int _readyAt;
    private int _readyEnd;
    private int _early;
    private int _samples;

    // The filter is ahead of what has left. What has not stays in the queue, so that another change begins where this one has got to.
    private long _filtered;
    private long _removed;
    private long _left;

    /// <param name="queue">Owned from here on.</param>
    /// <param name="from">In what it is queued; like <paramref name="to"/> without state.</param>
    /// <param name="to">In what it is asked for.</param>
    public PlayoutCarry(PlayoutQueue queue, SpeechCodec from, SpeechCodec to)
    {
        (_queue, _from, _to) = (queue, from, to);
        _samples = (int)((long)from.MaxSamples(queue.Count) * to.SampleRateHz / from.SampleRateHz);
        _resampler = from.SampleRateHz == to.SampleRateHz ? null : Resampler.Create(from.SampleRateHz, to.SampleRateHz);
        _ready = new short[_resampler?.MaxOutputSamples(SliceSamples) ?? SliceSamples];
        _early = (int)Math.Round((_resampler?.Delay.TotalSeconds ?? 0) * to.SampleRateHz);
    }

    /// <summary>Bytes that can be read.</summary>
    public int Count => _to.PayloadBytes(_samples);

    private int SliceSamples => _from.SampleRateHz * SliceMs / 1000;

    /// <returns>How many bytes were there, at most the length of <paramref name="bytes"/>.</returns>
    public int Read(Span<byte> bytes)
    {
        Span<short> pcm = stackalloc short[PlayoutLine.MaxFrameSamples];
        var taken = 0;
        while (Math.Min(_samples, _to.MaxSamples(bytes.Length - taken)) is > 0 and var samples)
        {
            samples = Math.Min(pcm.Length, samples);
            Fill(pcm[..samples]);
            taken += _to.Encode(pcm[..samples], bytes[taken..]);
        }
        return taken;
    }

    /// <summary>The rest of it, for yet another line. This one is not used any more.</summary>
    public PlayoutCarry For(SpeechCodec to) => new(_queue, _from, to);

    public void Dispose() => _queue.Dispose();

    private void Fill(Span<short> pcm)
    {
        for (var rest = pcm; rest.Length > 0;)
        {
            if (_readyAt == _readyEnd) Filter();
            var ready = _ready.AsSpan(_readyAt, Math.Min(rest.Length, _readyEnd - _readyAt));
            ready.CopyTo(rest);
            _readyAt += ready.Length;
            rest = rest[ready.Length..];
        }
        _samples -= pcm.Length;
        _left += pcm.Length;
        var done = _left * _from.SampleRateHz / _to.SampleRateHz;
        _queue.Skip(_from.PayloadBytes((int)(done - _removed)));
        _removed = done;
    }

    private void Filter()
    {
        Span<byte> queued = stackalloc byte[MaxSliceSamples * sizeof(short)];
        Span<short> pcm = stackalloc short[MaxSliceSamples];
        pcm = pcm[..SliceSamples];
        var there = _queue.Peek(_from.PayloadBytes((int)(_filtered - _removed)), queued[.._from.PayloadBytes(pcm.Length)]);
        // Silence behind the end.
        pcm[_from.Decode(queued[..there], pcm)..].Clear();
        _filtered += pcm.Length;
        if (_resampler is null) pcm.CopyTo(_ready);
        _readyEnd = _resampler?.Process(pcm, _ready) ?? pcm.Length;
        _readyAt = Math.Min(_early, _readyEnd);
        _early -= _readyAt;
    }
}
