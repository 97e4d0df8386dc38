using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>Any two rates, in floating point: a polyphase filter whose phases are walked through.</summary>
/// <remarks>
/// <code>
/// history (window - 1) | new input       as float, on the stack
///   [--- window of output 0 ---]
///         [--- window of output 1 ---]   M/L samples further, with the taps of its phase
/// </code>
/// </remarks>
internal sealed class AnyRateResampler : Resampler
{
    private const int MaxWindow = 480;

    private readonly PolyphaseFilter _filter;
    private readonly float[] _history;

    // Where the next output's newest input sample lies, in steps of 1/L from the next input sample.
    private int _position;

    public AnyRateResampler(int inputRateHz, int outputRateHz, PolyphaseFilter filter)
        : base(inputRateHz, outputRateHz, filter.Interpolation, filter.Decimation, filter.DelayTicks)
    {
        _filter = filter;
        _history = new float[_filter.WindowLength - 1];
        Reset();
    }

    public override void Reset()
    {
        Array.Clear(_history);
        _position = _filter.Decimation - 1;
    }

    private protected override int OutputSamples(int inputSamples)
    {
        var steps = (long)inputSamples * _filter.Interpolation - _position;
        return steps <= 0 ? 0 : (int)((steps + _filter.Decimation - 1) / _filter.Decimation);
    }

    [SkipLocalsInit]
    private protected override int ProcessBlock(ReadOnlySpan<short> input, Span<short> output)
    {
        Span<float> samples = stackalloc float[MaxWindow + MaxBlock];
        samples = samples[..(_history.Length + input.Length)];
        _history.CopyTo(samples);
        VectorMath.ToSingle(input, samples[_history.Length..]);

        var count = OutputSamples(input.Length);
        var (l, m) = (_filter.Interpolation, _filter.Decimation);
        // Outputs L apart share a phase, and their windows lie M apart: per phase this is a plain decimating FIR.
        for (var first = 0; first < Math.Min(l, count); first++)
        {
            var position = _position + first * m;
            var taps = _filter.Taps(position % l, out var start);
            Filter(taps, samples[(position / l + start)..], m, output[first..count], l);
        }

        _position += count * m - input.Length * l;
        samples[^_history.Length..].CopyTo(_history);
        return count;
    }

    /// <summary>Fills every <paramref name="outputStep"/>th sample of <paramref name="output"/>.</summary>
    private static void Filter(ReadOnlySpan<float> taps, ReadOnlySpan<float> samples, int inputStep, Span<short> output, int outputStep)
    {
        // Four outputs at a time share the loads of the taps, and their sums do not wait for one another.
        // Each adds up in the same order as one on its own, so that chunk borders cannot be seen in the result.
        var (at, o) = (0, 0);
        for (; o + 3 * outputStep < output.Length; o += 4 * outputStep, at += 4 * inputStep)
        {
            var windows = samples.Slice(at, 3 * inputStep + taps.Length);
            ref var x0 = ref MemoryMarshal.GetReference(windows);
            ref var x1 = ref Unsafe.Add(ref x0, inputStep);
            ref var x2 = ref Unsafe.Add(ref x1, inputStep);
            ref var x3 = ref Unsafe.Add(ref x2, inputStep);
            ref var h = ref MemoryMarshal.GetReference(taps);
            var (sum0, sum1, sum2, sum3) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (nuint t = 0; t < (nuint)taps.Length; t += (nuint)Vector<float>.Count)
            {
                var tap = Vector.LoadUnsafe(ref h, t);
                sum0 = Vector.MultiplyAddEstimate(tap, Vector.LoadUnsafe(ref x0, t), sum0);
                sum1 = Vector.MultiplyAddEstimate(tap, Vector.LoadUnsafe(ref x1, t), sum1);
                sum2 = Vector.MultiplyAddEstimate(tap, Vector.LoadUnsafe(ref x2, t), sum2);
                sum3 = Vector.MultiplyAddEstimate(tap, Vector.LoadUnsafe(ref x3, t), sum3);
            }
            output[o] = Saturate(Vector.Sum(sum0));
            output[o + outputStep] = Saturate(Vector.Sum(sum1));
            output[o + 2 * outputStep] = Saturate(Vector.Sum(sum2));
            output[o + 3 * outputStep] = Saturate(Vector.Sum(sum3));
        }
        for (; o < output.Length; o += outputStep, at += inputStep)
            output[o] = Saturate(VectorMath.Dot(taps, samples.Slice(at, taps.Length)));
    }

    // |sum| stays far inside int: the taps' magnitudes add up to less than 4.
    private static short Saturate(float sum) =>
        (short)Math.Clamp(float.ConvertToIntegerNative<int>(MathF.Round(sum)), short.MinValue, short.MaxValue);
}
