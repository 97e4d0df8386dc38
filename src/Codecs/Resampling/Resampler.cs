using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// Streaming conversion of 16-bit mono PCM from one sample rate to another: one linear-phase polyphase FIR filter.
/// State is kept across calls, so that chunks of any length give exactly what the whole would. One instance a stream;
/// not thread-safe. Nothing is allocated after construction.
/// </summary>
/// <remarks>
/// <code>
/// history (window - 1) | new input       as float, on the stack
///   [--- window of output 0 ---]
///         [--- window of output 1 ---]   M/L samples further, with the taps of its phase
/// </code>
/// After N input samples there are floor(N * L / M) output samples: 160 give 320 (8 to 16 kHz) and 480 give 160 (24 to 8 kHz)
/// from the first chunk on.
/// </remarks>
public sealed class Resampler
{
    private const int MaxBlock = 480;
    private const int MaxWindow = 480;
    private const int MaxPhases = 640;

    private static readonly ConcurrentDictionary<(int, int), PolyphaseFilter> Filters = new();

    private readonly PolyphaseFilter _filter;
    private readonly float[] _history;

    // Where the next output's newest input sample lies, in steps of 1/L from the next input sample.
    private int _position;

    private Resampler(int inputRateHz, int outputRateHz)
    {
        InputRateHz = inputRateHz;
        OutputRateHz = outputRateHz;
        _filter = Filters.GetOrAdd((inputRateHz, outputRateHz), static rates => new PolyphaseFilter(rates.Item1, rates.Item2));
        _history = new float[_filter.WindowLength - 1];
        Reset();
    }

    public int InputRateHz { get; }

    public int OutputRateHz { get; }

    /// <summary>The group delay, the same at every frequency: 2.125 ms between the telephone's and the model's rates.</summary>
    public TimeSpan Delay => new(_filter.DelayTicks);

    /// <summary>Caller to model. Flat to 3.4 kHz; its images above 4.6 kHz are at least 80 dB down.</summary>
    public static Resampler From8To16kHz() => Create(8000, 16000);

    /// <summary>Model to telephone. Flat to 3.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From24To8kHz() => Create(24000, 8000);

    /// <summary>Wideband to telephone. Flat to 3.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From16To8kHz() => Create(16000, 8000);

    /// <summary>Model to a wideband call. Flat to 7.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From24To16kHz() => Create(24000, 16000);

    /// <summary>Any two of the usual rates from 8 to 48 kHz, for sound files and measuring tools. The band edge is the lower Nyquist frequency minus 600 Hz.</summary>
    /// <exception cref="ArgumentException">The rates have so little in common that the filter would need more than 640 phases (11025 to 16000 Hz takes that many).</exception>
    public static Resampler Create(int inputRateHz, int outputRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputRateHz, 8000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputRateHz, 48000);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputRateHz, 8000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputRateHz, 48000);
        if (outputRateHz / (int)BigInteger.GreatestCommonDivisor(inputRateHz, outputRateHz) > MaxPhases)
            throw new ArgumentException($"{inputRateHz} and {outputRateHz} Hz have too small a common divisor.");
        return new Resampler(inputRateHz, outputRateHz);
    }

    /// <summary>The most samples that <see cref="Process"/> gives for this many, whatever came before.</summary>
    public int MaxOutputSamples(int inputSamples) =>
        (int)(((long)inputSamples * _filter.Interpolation + _filter.Decimation - 1) / _filter.Decimation);

    /// <summary>Forgets the stream so far: the next chunk is the first.</summary>
    public void Reset()
    {
        Array.Clear(_history);
        _position = _filter.Decimation - 1;
    }

    /// <summary>Converts all of <paramref name="input"/>, which may have any length; loud peaks are clipped, never wrapped.</summary>
    /// <returns>Samples written to <paramref name="output"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="output"/> is too small; no input was taken.</exception>
    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        var needed = OutputSamples(input.Length);
        if (output.Length < needed)
            throw new ArgumentException($"{input.Length} samples give {needed}, but there is room for {output.Length}.", nameof(output));

        while (!input.IsEmpty)
        {
            var block = Math.Min(input.Length, MaxBlock);
            output = output[ProcessBlock(input[..block], output)..];
            input = input[block..];
        }
        return needed;
    }

    public override string ToString() => $"Resample({InputRateHz}->{OutputRateHz})";

    private int OutputSamples(int inputSamples)
    {
        var steps = (long)inputSamples * _filter.Interpolation - _position;
        return steps <= 0 ? 0 : (int)((steps + _filter.Decimation - 1) / _filter.Decimation);
    }

    [SkipLocalsInit]
    private int ProcessBlock(ReadOnlySpan<short> input, Span<short> output)
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
