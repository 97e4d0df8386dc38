using System.Collections.Concurrent;
using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>
/// Streaming conversion of 16-bit mono PCM from one sample rate to another: one linear-phase FIR filter.
/// State is kept across calls, so that chunks of any length give exactly what the whole would. One instance a stream;
/// not thread-safe. Nothing is allocated after construction.
/// </summary>
/// <remarks>
/// After N input samples there are floor(N * L / M) output samples, with L / M the ratio of the rates in lowest terms: 160 give 320
/// (8 to 16 kHz) and 480 give 160 (24 to 8 kHz) from the first chunk on.
/// </remarks>
public abstract class Resampler
{
    private const int MaxPhases = 640;

    private static readonly ConcurrentDictionary<(int, int), PolyphaseFilter> Filters = new();

    private protected Resampler(int inputRateHz, int outputRateHz, int interpolation, int decimation, long delayTicks)
    {
        (InputRateHz, OutputRateHz, Interpolation, Decimation) = (inputRateHz, outputRateHz, interpolation, decimation);
        Delay = new TimeSpan(delayTicks);
    }

    public int InputRateHz { get; }

    public int OutputRateHz { get; }

    /// <summary>The group delay, the same at every frequency: at most 2 ms between the telephone's and the model's rates.</summary>
    public TimeSpan Delay { get; }

    /// <summary>L, output samples for M input samples.</summary>
    private protected int Interpolation { get; }

    /// <summary>M.</summary>
    private protected int Decimation { get; }

    /// <summary>Caller to model. Flat to 3.4 kHz; its images above 4.6 kHz are at least 80 dB down.</summary>
    public static Resampler From8To16kHz() => new TelephoneResampler(8000, 16000, TelephoneTaps.From8To16kHz);

    /// <summary>Model to telephone. Flat to 3.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From24To8kHz() => new TelephoneResampler(24000, 8000, TelephoneTaps.From24To8kHz);

    /// <summary>Wideband to telephone. Flat to 3.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From16To8kHz() => new TelephoneResampler(16000, 8000, TelephoneTaps.From16To8kHz);

    /// <summary>Model to a wideband call. Flat to 7.4 kHz; what would alias onto that is at least 80 dB down.</summary>
    public static Resampler From24To16kHz() => new TelephoneResampler(24000, 16000, TelephoneTaps.From24To16kHz);

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
        return (inputRateHz, outputRateHz) switch
        {
            (8000, 16000) => From8To16kHz(),
            (16000, 8000) => From16To8kHz(),
            (24000, 8000) => From24To8kHz(),
            (24000, 16000) => From24To16kHz(),
            _ => new AnyRateResampler(inputRateHz, outputRateHz, Filters.GetOrAdd((inputRateHz, outputRateHz), static rates => new PolyphaseFilter(rates.Item1, rates.Item2))),
        };
    }

    /// <summary>The most samples that <see cref="Process"/> gives for this many, whatever came before.</summary>
    public int MaxOutputSamples(int inputSamples) => (int)(((long)inputSamples * Interpolation + Decimation - 1) / Decimation);

    /// <summary>Forgets the stream so far: the next chunk is the first.</summary>
    public abstract void Reset();

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

    /// <summary>Input samples that <see cref="ProcessBlock"/> takes at most.</summary>
    private protected const int MaxBlock = TelephoneFilter.MaxInput;

    /// <summary>Samples that so many more give.</summary>
    private protected abstract int OutputSamples(int inputSamples);

    /// <returns>Samples written: <see cref="OutputSamples"/>, for which there is room.</returns>
    private protected abstract int ProcessBlock(ReadOnlySpan<short> input, Span<short> output);
}
