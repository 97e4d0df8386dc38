using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// Nothing leaves it above its ceiling, and nothing below is changed by a single bit. It does not look ahead and so delays nothing: the sample that is too loud sets
/// the gain at once, which stays for 20 ms, longer than half a period of any voice or hum, so that a steady loud tone is scaled and not bent; then it
/// comes back by 0.1 dB a millisecond. One instance a stream.
/// </summary>
public sealed class Limiter : IVoiceFilter
{
    private const int HoldMs = 20;
    private const double ReleaseDbPerMs = 0.1;

    // The peaks of a steady tone are not all sampled at their very top: what comes this near holds the gain too.
    private const float Near = 0.97f;

    private readonly float _ceiling;
    private readonly float _near;
    private readonly float _release;
    private readonly int _holdSamples;
    private float _gain = 1;
    private int _held;

    /// <param name="sampleRateHz">Of the samples to come.</param>
    /// <param name="ceilingDb">The largest peak, below full scale.</param>
    public Limiter(int sampleRateHz, double ceilingDb = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRateHz);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ceilingDb, -0.001);
        CeilingDb = ceilingDb;
        _ceiling = (float)Math.Floor(32768 * Math.Pow(10, ceilingDb / 20));
        _near = Near * _ceiling;
        _release = (float)Math.Pow(10, ReleaseDbPerMs * 1000 / sampleRateHz / 20);
        _holdSamples = HoldMs * sampleRateHz / 1000;
    }

    public double CeilingDb { get; }

    /// <summary>What it takes off now, in dB; 0 when it does nothing.</summary>
    public double ReductionDb => -20 * Math.Log10(_gain);

    public void Process(Span<float> pcm)
    {
        if (_gain == 1 && Peak(pcm) <= _ceiling) return;
        foreach (ref var sample in pcm)
        {
            var peak = MathF.Abs(sample);
            if (peak * _gain > _near) (_gain, _held) = (Math.Min(_gain, _ceiling / peak), _holdSamples);
            else if (_held > 0) _held--;
            else if (_gain < 1) _gain = Math.Min(1, _gain * _release);
            // The recovering gain may meet a rising wave.
            sample = Math.Clamp(sample * _gain, -_ceiling, _ceiling);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Limiter({CeilingDb:0.#} dB)");

    private static float Peak(ReadOnlySpan<float> pcm)
    {
        var peaks = Vector<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(pcm);
        foreach (var vector in vectors) peaks = Vector.Max(peaks, Vector.Abs(vector));
        var peak = 0f;
        for (var i = 0; i < Vector<float>.Count; i++) peak = Math.Max(peak, peaks[i]);
        foreach (var sample in pcm[(vectors.Length * Vector<float>.Count)..]) peak = Math.Max(peak, MathF.Abs(sample));
        return peak;
    }
}
