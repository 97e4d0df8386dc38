using System.Numerics;
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
        var lesson = 0f;
        for (var i = 0; i < heard.Length; i++)
        {
            // What the sample before taught is learned on the way: the weights pass through once.
            echo[i] = lesson == 0 ? Dot(sent.Slice(i, Taps)) : LearnAndDot(white.Slice(i - 1, Taps), lesson, sent.Slice(i, Taps));
            if (step == 0) continue;
            var error = heard[i] - echo[i];
            var whiteError = error - Whitening * _previousError;
            _previousError = error;
            var bound = 2 * _errorScale;
            var bounded = Math.Clamp(whiteError, -bound, bound);
            _errorScale = Math.Max(4, _errorScale + 0.002f * (Math.Abs(bounded) * 1.25f - _errorScale));
            lesson = step * bounded / (energy + Regularisation);
            if (i + 1 < heard.Length) energy = Math.Max(0, energy + white[i + Taps] * white[i + Taps] - white[i] * white[i]);
        }
        if (lesson != 0) _ = LearnAndDot(white.Slice(heard.Length - 1, Taps), lesson, sent.Slice(heard.Length - 1, Taps));
    }

    public void Reset()
    {
        Array.Clear(_weights);
        _errorScale = 300;
    }

    // Two sums side by side: one would wait for itself.
    private float Dot(ReadOnlySpan<float> sent)
    {
        ref var w = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref var x = ref MemoryMarshal.GetReference(sent);
        var (a, b) = (Vector<float>.Zero, Vector<float>.Zero);
        var width = (nuint)Vector<float>.Count;
        for (nuint i = 0; i < Taps; i += 2 * width)
        {
            a = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref w, i), Vector.LoadUnsafe(ref x, i), a);
            b = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref w, i + width), Vector.LoadUnsafe(ref x, i + width), b);
        }
        return Vector.Sum(a + b);
    }

    private float LearnAndDot(ReadOnlySpan<float> white, float lesson, ReadOnlySpan<float> sent)
    {
        ref var w = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref var u = ref MemoryMarshal.GetReference(white);
        ref var x = ref MemoryMarshal.GetReference(sent);
        var scale = new Vector<float>(lesson);
        var (a, b) = (Vector<float>.Zero, Vector<float>.Zero);
        var width = (nuint)Vector<float>.Count;
        for (nuint i = 0; i < Taps; i += 2 * width)
        {
            var first = Vector.MultiplyAddEstimate(scale, Vector.LoadUnsafe(ref u, i), Vector.LoadUnsafe(ref w, i));
            var second = Vector.MultiplyAddEstimate(scale, Vector.LoadUnsafe(ref u, i + width), Vector.LoadUnsafe(ref w, i + width));
            first.StoreUnsafe(ref w, i);
            second.StoreUnsafe(ref w, i + width);
            a = Vector.MultiplyAddEstimate(first, Vector.LoadUnsafe(ref x, i), a);
            b = Vector.MultiplyAddEstimate(second, Vector.LoadUnsafe(ref x, i + width), b);
        }
        return Vector.Sum(a + b);
    }
}
