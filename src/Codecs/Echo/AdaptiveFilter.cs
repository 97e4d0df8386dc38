using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// Normalised least mean squares (NLMS): learns the way from what was sent to its echo, and foretells the echo. 64 ms long,
/// which holds the path through a handset or a room's first reflections.
/// </summary>
internal sealed class AdaptiveFilter
{
    public const int Taps = 512;

    // Keeps the step finite when next to nothing was sent: the energy of -60 dBov over the length of the filter.
    private const float Regularisation = Taps * 1e-7f * 32768f * 32768f;

    // Speech is all low frequencies, which alone would be learned; taught with the highs raised, the rest is learned as soon.
    private const float Whitening = 0.5f;

    private readonly float[] _weights = new float[Taps];
    private float _previousError;

    // The usual size of an error, for bounding what a single one may teach: the caller's first syllable comes before anything can tell it apart.
    private float _errorScale = 300;

    /// <param name="sent">The samples before and with the heard ones: one more than <see cref="Taps"/> - 1 + the length of <paramref name="heard"/>.</param>
    /// <param name="heard">What came back.</param>
    /// <param name="echo">Receives the echo as foretold.</param>
    /// <param name="step">0: does not learn; up to 1.</param>
    public void Process(ReadOnlySpan<float> sent, ReadOnlySpan<float> heard, Span<float> echo, float step)
    {
        Span<float> white = stackalloc float[Taps - 1 + EchoReference.BlockSamples];
        white = white[..(sent.Length - 1)];
        for (var i = 0; step > 0 && i < white.Length; i++) white[i] = sent[i + 1] - Whitening * sent[i];
        sent = sent[1..];
        var energy = step > 0 ? VectorMath.Dot(white[..Taps], white[..Taps]) : 0;
        for (var i = 0; i < heard.Length; i++)
        {
            echo[i] = Dot(MemoryMarshal.Cast<float, Vector<float>>(sent.Slice(i, Taps)));
            if (step == 0) continue;
            var error = heard[i] - echo[i];
            var whiteError = error - Whitening * _previousError;
            _previousError = error;
            var bound = 2 * _errorScale;
            var bounded = Math.Clamp(whiteError, -bound, bound);
            _errorScale = Math.Max(4, _errorScale + 0.002f * (Math.Abs(bounded) * 1.25f - _errorScale));
            Learn(MemoryMarshal.Cast<float, Vector<float>>(white.Slice(i, Taps)), step * bounded / (energy + Regularisation));
            if (i + 1 < heard.Length) energy = Math.Max(0, energy + white[i + Taps] * white[i + Taps] - white[i] * white[i]);
        }
    }

    public void Reset()
    {
        Array.Clear(_weights);
        _errorScale = 300;
    }

    // Four sums side by side: one would wait for itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Dot(ReadOnlySpan<Vector<float>> x)
    {
        var w = MemoryMarshal.Cast<float, Vector<float>>(_weights.AsSpan());
        var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        for (var i = 0; i + 3 < w.Length && i + 3 < x.Length; i += 4)
        {
            a = Vector.MultiplyAddEstimate(w[i], x[i], a);
            b = Vector.MultiplyAddEstimate(w[i + 1], x[i + 1], b);
            c = Vector.MultiplyAddEstimate(w[i + 2], x[i + 2], c);
            d = Vector.MultiplyAddEstimate(w[i + 3], x[i + 3], d);
        }
        return Vector.Sum(a + b + (c + d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Learn(ReadOnlySpan<Vector<float>> x, float scale)
    {
        var w = MemoryMarshal.Cast<float, Vector<float>>(_weights.AsSpan());
        var s = new Vector<float>(scale);
        for (var i = 0; i < w.Length && i < x.Length; i++) w[i] = Vector.MultiplyAddEstimate(s, x[i], w[i]);
    }
}
