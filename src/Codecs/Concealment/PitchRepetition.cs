using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// A voice that goes on as it last was: its last one, two or three pitch periods over and over (ITU-T G.711 Appendix I).
/// <code>
///   … [  period  ][  period  ][  period  ]|loss
///               ╲                       ╲ the last quarter of the repeated stretch is crossfaded into
///                ╰───── the quarter before it, so that its end leads to its beginning
/// </code>
/// </summary>
internal sealed class PitchRepetition
{
    private const int MaxPeriods = 3;
    private const int MaxHistory = 780;

    private readonly int _samplesPerMs;
    private readonly short[] _source;
    private readonly float[] _ringing;
    private Loop _loop;
    private Loop _before;
    private int _pitch;
    private int _blended;
    private int _rung;

    public PitchRepetition(int sampleRateHz)
    {
        _samplesPerMs = sampleRateHz / 1000;
        var longest = PitchSearch.LongestMs * _samplesPerMs;
        _source = new short[MaxPeriods * longest + longest / 4];
        _ringing = new float[longest / 4];
    }

    /// <summary>48.75 ms: three of the longest periods, and a quarter.</summary>
    public int HistorySamples => _source.Length;

    /// <summary>A quarter of the period, over which stretches are crossfaded.</summary>
    public int OverlapSamples => _pitch / 4;

    /// <param name="history">What was heard last, <see cref="HistorySamples"/> long.</param>
    [SkipLocalsInit]
    public void Begin(ReadOnlySpan<short> history)
    {
        history.CopyTo(_source);
        Span<float> samples = stackalloc float[MaxHistory];
        samples = samples[..history.Length];
        VectorMath.ToSingle(history, samples);

        _pitch = PitchSearch.Find(samples, _samplesPerMs);
        _loop = new Loop(1, 0);
        (_blended, _rung) = (OverlapSamples, 0);
        LinearPrediction.Extrapolate(samples[^(20 * _samplesPerMs)..], _ringing.AsSpan(0, OverlapSamples));
    }

    /// <summary>One period more takes part.</summary>
    public void Widen()
    {
        // The same place in the period: only the loop gets longer, not the wave.
        (_before, _loop, _blended) = (_loop, new Loop(Math.Min(_loop.Periods + 1, MaxPeriods), _loop.Offset % _pitch), 0);
    }

    public float Next()
    {
        var x = Take(ref _loop);
        if (_blended < OverlapSamples)
        {
            var old = Take(ref _before);
            x = old + Weight(_blended++) * (x - old);
        }
        if (_rung < OverlapSamples)
        {
            var ringing = _ringing[_rung];
            x = ringing + Weight(_rung++) * (x - ringing);
        }
        return x;
    }

    private float Take(ref Loop loop)
    {
        var length = loop.Periods * _pitch;
        var at = _source.Length - length + loop.Offset;
        float x = _source[at];
        var inOverlap = loop.Offset - (length - OverlapSamples);
        if (inOverlap >= 0) x += Weight(inOverlap) * (_source[at - length] - x);
        loop = loop with { Offset = loop.Offset + 1 == length ? 0 : loop.Offset + 1 };
        return x;
    }

    private float Weight(int index) => (index + 1f) / (OverlapSamples + 1);

    /// <param name="Periods">How many of the last periods are repeated.</param>
    /// <param name="Offset">Of the next sample, from the beginning of the oldest of them.</param>
    private readonly record struct Loop(int Periods, int Offset);
}
