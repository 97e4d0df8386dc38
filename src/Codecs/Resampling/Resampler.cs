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

    /// <summary>Caller to model. Flat to 3.4 kHz; images above 4.6 kHz are at least 80 dB down.</summary>
    public static Resampler From8To16kHz() => Create(8000, 16000);

    /// <summary>Model to telephone. Flat to 3.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From24To8kHz() => Create(24000, 8000);

    /// <summary>Wideband to telephone. Flat to 3.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From16To8kHz() => Create(16000, 8000);

    /// <summary>Model to a wideband call. Flat to 7.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From24To16kHz() => Create(24000, 16000);

    /// <summary>Any two rates from 8 to 48 kHz, for sound files and measuring tools. The band edge is the lower Nyquist frequency minus 600 Hz.</summary>
    public static Resampler Create(int inputRateHz, int outputRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputRateHz, 8000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputRateHz, 48000);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputRateHz, 8000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputRateHz, 48000);
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
        Widen(input, samples[_history.Length..]);

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
        var h = MemoryMarshal.Cast<float, Vector<float>>(taps);
        var at = 0;
        for (var o = 0; o < output.Length; o += outputStep, at += inputStep)
        {
            var x = MemoryMarshal.Cast<float, Vector<float>>(samples.Slice(at, taps.Length));
            var sum = Vector<float>.Zero;
            for (var i = 0; i < h.Length; i++)
                sum = Vector.MultiplyAddEstimate(h[i], x[i], sum);
            output[o] = Saturate(Vector.Sum(sum));
        }
    }

    // |sum| stays far inside int: the taps' magnitudes add up to less than 4.
    private static short Saturate(float sum) =>
        (short)Math.Clamp(float.ConvertToIntegerNative<int>(MathF.Round(sum)), short.MinValue, short.MaxValue);

    private static void Widen(ReadOnlySpan<short> source, Span<float> destination)
    {
        var i = 0;
        for (; i <= source.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(source[i..]), out var low, out var high);
            Vector.ConvertToSingle(low).CopyTo(destination[i..]);
            Vector.ConvertToSingle(high).CopyTo(destination[(i + Vector<float>.Count)..]);
        }
        for (; i < source.Length; i++)
            destination[i] = source[i];
    }
}
