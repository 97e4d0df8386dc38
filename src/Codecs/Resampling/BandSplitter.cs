using System.Numerics;
using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// Lets what works at 8 kHz work on a wideband line: takes its lower half out, and puts it back as it has become. What was not touched comes back
/// bit by bit, <see cref="DelaySamples"/> late. 16-bit mono; one instance a stream, one thread, nothing allocated after construction.
/// <code>
///   16 kHz ─┬─▶ low-pass, 16->8 ─▶ low ─▶ (changed?) ─▶ low' ─▶ 8->16 ─────▶ + ─▶ 16 kHz
///           └─▶ delay ─▶ less 8->16 of low: the upper half ─▶ [high gain] ─▶ ┘
/// </code>
/// </summary>
/// <remarks>Laid as the input plus what was changed, so that without a change there is nothing that could round.</remarks>
public sealed class BandSplitter
{
    /// <summary>From an input sample to the same one in the output: 3.875 ms. The low band is half as late.</summary>
    public const int DelaySamples = 2 * History;

    /// <summary>The longest chunk: 20 ms.</summary>
    public const int MaxSamples = 320;

    private const int History = HalfBand.Taps - 1;

    // The filter's middle, where a value of its input is its output.
    private const int Middle = HalfBand.Taps / 2 - 1;

    private const int MaxPairs = MaxSamples / 2;

    // From nothing to all of the high band in 5 ms.
    private const float RampStep = 1 / 40f;

    private readonly short[] _input = new short[2 * History + MaxSamples];
    private readonly short[] _low = new short[History + MaxPairs];
    private readonly short[] _changed = new short[History + MaxPairs];
    private int _pairs;
    private float _highGain = 1;

    /// <summary>Forgets the stream so far.</summary>
    public void Reset()
    {
        Array.Clear(_input);
        Array.Clear(_low);
        Array.Clear(_changed);
        (_pairs, _highGain) = (0, 1);
    }

    /// <param name="pcm16">Whole pairs, at most <see cref="MaxSamples"/>.</param>
    /// <param name="low8">Half as many, or room for more.</param>
    /// <returns>Samples written to <paramref name="low8"/>.</returns>
    /// <exception cref="ArgumentException">An odd number, too many, or too little room.</exception>
    public int Split(ReadOnlySpan<short> pcm16, Span<short> low8)
    {
        var pairs = pcm16.Length / 2;
        if (pcm16.Length > MaxSamples || pcm16.Length % 2 != 0 || low8.Length < pairs)
            throw new ArgumentException($"{pcm16.Length} samples are too many, are no pairs, or do not fit into half of {2 * low8.Length}.", nameof(pcm16));

        Forget();
        _pairs = pairs;
        pcm16.CopyTo(_input.AsSpan(2 * History));
        TakeLow(_input, _low.AsSpan(History, pairs));
        _low.AsSpan(History, pairs).CopyTo(low8);
        return pairs;
    }

    /// <param name="low8AsChanged">What became of the low band of the last <see cref="Split"/>.</param>
    /// <param name="highGain">Of what lies above it; 0 where something was taken out that the upper half has too.</param>
    /// <param name="pcm16">Twice as many, or room for more.</param>
    /// <returns>Samples written to <paramref name="pcm16"/>.</returns>
    /// <exception cref="ArgumentException">Not as many as were split, or too little room.</exception>
    public int Join(ReadOnlySpan<short> low8AsChanged, float highGain, Span<short> pcm16)
    {
        if (low8AsChanged.Length != _pairs || pcm16.Length < 2 * _pairs)
            throw new ArgumentException($"{_pairs} pairs were split, not {low8AsChanged.Length}, or do not fit into {pcm16.Length}.", nameof(low8AsChanged));

        low8AsChanged.CopyTo(_changed.AsSpan(History));
        Add(highGain, pcm16[..(2 * _pairs)]);
        return 2 * _pairs;
    }

    public override string ToString() => "Split(8|8)";

    // What the last chunk was is history for the next.
    private void Forget()
    {
        _input.AsSpan(2 * _pairs, 2 * History).CopyTo(_input);
        _low.AsSpan(_pairs, History).CopyTo(_low);
        _changed.AsSpan(_pairs, History).CopyTo(_changed);
    }

    /// <param name="input">From the oldest sample on that the first output looks back on.</param>
    /// <param name="low">Half as many as are new.</param>
    [SkipLocalsInit]
    private static void TakeLow(ReadOnlySpan<short> input, Span<short> low)
    {
        var pairs = History + low.Length;
        Span<int> even = stackalloc int[History + MaxPairs];
        Span<int> odd = stackalloc int[History + MaxPairs];
        Span<float> values = stackalloc float[History + MaxPairs];
        Span<float> between = stackalloc float[MaxPairs];
        SamplePairs.Part(input[..(2 * pairs)], even, odd);
        var i = 0;
        for (; i <= pairs - Vector<int>.Count; i += Vector<int>.Count)
            Vector.ConvertToSingle(new Vector<int>(odd[i..])).CopyTo(values[i..]);
        for (; i < pairs; i++)
            values[i] = odd[i];
        HalfBand.Between(values[..pairs], between[..low.Length]);

        // The middle tap's sample lies between two odd ones.
        even = even[(Middle + 1)..];
        for (i = 0; i <= low.Length - Vector<short>.Count; i += Vector<short>.Count)
            Vector.Narrow(Half(even, between, i), Half(even, between, i + Vector<int>.Count)).CopyTo(low[i..]);
        for (; i < low.Length; i++)
            low[i] = Saturate(0.5f * (even[i] + between[i]));
    }

    private static Vector<int> Half(ReadOnlySpan<int> even, ReadOnlySpan<float> between, int at)
    {
        var sum = Vector.ConvertToSingle(new Vector<int>(even[at..])) + new Vector<float>(between[at..]);
        var rounded = Vector.ConvertToInt32Native(Vector.Round(sum * 0.5f));
        return Vector.Min(Vector.Max(rounded, new Vector<int>(short.MinValue)), new Vector<int>(short.MaxValue));
    }

    [SkipLocalsInit]
    private void Add(float highGain, Span<short> pcm16)
    {
        var low = _low.AsSpan(0, History + _pairs);
        var changed = _changed.AsSpan(0, History + _pairs);
        if (highGain == 1 && _highGain == 1 && low.SequenceEqual(changed))
        {
            _input.AsSpan(0, pcm16.Length).CopyTo(pcm16);
            return;
        }

        Span<float> values = stackalloc float[History + MaxPairs];
        Span<float> change = stackalloc float[MaxPairs];
        Span<float> before = stackalloc float[MaxPairs];
        values = values[..low.Length];
        for (var i = 0; i < values.Length; i++) values[i] = changed[i] - low[i];
        HalfBand.Between(values, change[.._pairs]);
        for (var i = 0; i < values.Length; i++) values[i] = low[i];
        HalfBand.Between(values, before[.._pairs]);
        var step = MathF.CopySign(RampStep, highGain - _highGain);
        for (var i = 0; i < _pairs; i++)
        {
            _highGain = Math.Abs(highGain - _highGain) > RampStep ? _highGain + step : highGain;
            var at = i + Middle;
            pcm16[2 * i] = Saturate(_highGain * (_input[2 * i] - low[at]) + changed[at]);
            pcm16[2 * i + 1] = Saturate(_highGain * (_input[2 * i + 1] - before[i]) + before[i] + change[i]);
        }
    }

    private static short Saturate(float value) =>
        (short)Math.Clamp(float.ConvertToIntegerNative<int>(MathF.Round(value)), short.MinValue, short.MaxValue);
}
