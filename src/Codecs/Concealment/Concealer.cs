namespace VoiceGateway.Codecs;

/// <summary>
/// Puts something in the place of packets that did not come, after ITU-T G.711 Appendix I: the last pitch periods go on, as
/// loud as they were for 10 ms, then a fifth less every 10 ms, until after 60 ms there is silence. One instance a stream, one thread, nothing allocated
/// after construction; chunks of any length give what the whole would.
/// <code>
/// Good ─▶ [first after a loss: crossfade from what would have gone on] ─▶ pcm, in place ─▶ history
/// Lost ─▶ [first: pitch of the history, ringing] ─▶ periods × 1 … 0.8 … 0 ─▶ pcm ─▶ history
/// </code>
/// </summary>
/// <remarks>
/// The Appendix delays everything by 3.75 ms, so that it can crossfade into a loss before it begins. Here nothing is delayed: the
/// first milliseconds of a loss are what a linear predictor expects the voice to ring like, and the periods fade in under it.
/// Three more figures are not the Appendix's, because the voice comes nearer to what was lost with these (the tests measure it): the pitch is sought in the last 10 ms instead of 20,
/// more periods take part after 20 and 40 ms instead of 10 and 20, and the crossfade back lasts a quarter of the pitch period however long the loss was.
/// </remarks>
public sealed class Concealer
{
    private const int FullLevelMs = 10;
    private const int SilentFromMs = 60;

    // One period that goes on and on buzzes: a second and a third take part.
    private const int TwoPeriodsFromMs = 20;
    private const int ThreePeriodsFromMs = 40;

    // Out of silence only a click is to be avoided; a first sound must not be lost.
    private const int FadeFromSilenceMs = 2;

    private readonly int _samplesPerMs;
    private readonly short[] _history;
    private readonly PitchRepetition _repetition;
    private int _made;
    private int _fadeLength;
    private int _faded;

    /// <param name="sampleRateHz">8000 or 16000.</param>
    public Concealer(int sampleRateHz)
    {
        if (sampleRateHz is not (8000 or 16000))
            throw new ArgumentOutOfRangeException(nameof(sampleRateHz), sampleRateHz, "8000 or 16000 Hz.");
        SampleRateHz = sampleRateHz;
        _samplesPerMs = sampleRateHz / 1000;
        _repetition = new PitchRepetition(sampleRateHz);
        _history = new short[_repetition.HistorySamples];
    }

    public int SampleRateHz { get; }

    /// <summary>The last chunk was a lost one.</summary>
    public bool IsConcealing { get; private set; }

    /// <summary>What arrived.</summary>
    /// <param name="pcm">Of any length; after a loss its first milliseconds, 4 at most, are changed in place.</param>
    public void Good(Span<short> pcm)
    {
        if (IsConcealing)
        {
            IsConcealing = false;
            (_faded, _fadeLength) = (0, _made < SilentFromMs * _samplesPerMs ? _repetition.OverlapSamples : FadeFromSilenceMs * _samplesPerMs);
        }
        if (_faded < _fadeLength) FadeIn(pcm[..Math.Min(pcm.Length, _fadeLength - _faded)]);
        Remember(pcm);
    }

    /// <summary>What did not arrive.</summary>
    /// <param name="pcm">Filled.</param>
    public void Lost(Span<short> pcm)
    {
        if (!IsConcealing)
        {
            IsConcealing = true;
            _made = 0;
            _repetition.Begin(_history);
        }
        var sounding = Math.Clamp(SilentFromMs * _samplesPerMs - _made, 0, pcm.Length);
        for (var i = 0; i < sounding; i++) pcm[i] = (short)Math.Clamp(MathF.Round(Next()), short.MinValue, short.MaxValue);
        pcm[sounding..].Clear();
        Remember(pcm);
    }

    /// <summary>Forgets the stream so far.</summary>
    public void Reset()
    {
        _history.AsSpan().Clear();
        IsConcealing = false;
        _made = _faded = _fadeLength = 0;
    }

    public override string ToString() => $"Conceal({SampleRateHz})";

    private void FadeIn(Span<short> pcm)
    {
        foreach (ref var sample in pcm)
        {
            var expected = Next();
            var weight = ++_faded / (_fadeLength + 1f);
            sample = (short)Math.Clamp(MathF.Round(expected + weight * (sample - expected)), short.MinValue, short.MaxValue);
        }
    }

    private float Next()
    {
        var fullLevel = FullLevelMs * _samplesPerMs;
        if (_made >= SilentFromMs * _samplesPerMs) return 0;
        if (_made == TwoPeriodsFromMs * _samplesPerMs || _made == ThreePeriodsFromMs * _samplesPerMs) _repetition.Widen();
        var gain = 1 - 0.2f * Math.Max(0, _made - fullLevel) / fullLevel;
        _made++;
        return gain * _repetition.Next();
    }

    private void Remember(ReadOnlySpan<short> pcm)
    {
        if (pcm.Length < _history.Length) _history.AsSpan(pcm.Length).CopyTo(_history);
        else pcm = pcm[^_history.Length..];
        pcm.CopyTo(_history.AsSpan(_history.Length - pcm.Length));
    }
}
