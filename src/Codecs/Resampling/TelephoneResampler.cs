using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>The rates of a call, in 16-bit integers: exact, the same on every machine, and several times as fast as floating point.</summary>
/// <remarks>
/// <code>
///   begun group | new input ─▶ streams, each after its history ─▶ one filter an output ─▶ in turn ─▶ output
/// </code>
/// </remarks>
internal sealed class TelephoneResampler : Resampler
{
    private readonly TelephoneFilter _filter;
    private readonly short[] _history;
    private readonly short[] _begun;
    private int _begunCount;

    public TelephoneResampler(int inputRateHz, int outputRateHz, TelephoneFilter filter)
        : base(inputRateHz, outputRateHz, filter.Interpolation, filter.Decimation, filter.DelayTicks)
    {
        _filter = filter;
        _history = new short[filter.Decimation * filter.History];
        _begun = new short[filter.Decimation - 1];
    }

    public override void Reset()
    {
        Array.Clear(_history);
        _begunCount = 0;
    }

    private protected override int OutputSamples(int inputSamples) =>
        (int)((_begunCount + (long)inputSamples) * Interpolation / Decimation) - _begunCount * Interpolation / Decimation;

    [SkipLocalsInit]
    private protected override int ProcessBlock(ReadOnlySpan<short> input, Span<short> output)
    {
        var count = OutputSamples(input.Length);
        var given = _begunCount * Interpolation / Decimation;
        if (_begunCount > 0)
        {
            Span<short> joined = stackalloc short[TelephoneTaps.MostDecimation - 1 + MaxBlock];
            _begun.AsSpan(0, _begunCount).CopyTo(joined);
            input.CopyTo(joined[_begunCount..]);
            Convert(joined[..(_begunCount + input.Length)], given, output[..count]);
        }
        else
        {
            Convert(input, given, output[..count]);
        }
        return count;
    }

    /// <param name="input">From the beginning of a group on; the last may be incomplete.</param>
    /// <param name="given">Outputs of the first group that are out already.</param>
    /// <param name="output">The rest, as far as there is input for it.</param>
    [SkipLocalsInit]
    private void Convert(ReadOnlySpan<short> input, int given, Span<short> output)
    {
        var complete = Math.DivRem(input.Length, Decimation, out var begun);
        var groups = complete + (begun > 0 ? 1 : 0);

        Span<short> streams = stackalloc short[TelephoneTaps.MostStreamsLength];
        streams = streams[.._filter.StreamsLength];
        Split(input, streams);

        // Whole blocks, such as the usual 20 ms, go where they are wanted at once.
        var isWhole = Interpolation == 1 && output.Length == groups && groups % PairFir.Block == 0;
        Span<short> room = isWhole ? output : stackalloc short[MaxBlock + PairFir.Block];
        var even = _filter.Filter(0, streams, room, groups);
        if (Interpolation == 2)
            Join(even, streams, groups, given, output);
        else if (!isWhole)
            even[..output.Length].CopyTo(output);

        for (var stream = 0; stream < Decimation; stream++)
            streams.Slice(_filter.StreamAt(stream) + complete, _filter.History).CopyTo(_history.AsSpan(stream * _filter.History));
        input[^begun..].CopyTo(_begun);
        _begunCount = begun;
    }

    private void Split(ReadOnlySpan<short> input, Span<short> streams)
    {
        var history = _filter.History;
        for (var stream = 0; stream < Decimation; stream++)
            _history.AsSpan(stream * history, history).CopyTo(streams[_filter.StreamAt(stream)..]);
        var first = streams[(_filter.StreamAt(0) + history)..];
        if (Decimation == 1) input.CopyTo(first);
        else if (Decimation == 2) Strides.Split(input, first, streams[(_filter.StreamAt(1) + history)..]);
        else Strides.Split(input, first, streams[(_filter.StreamAt(1) + history)..], streams[(_filter.StreamAt(2) + history)..]);
    }

    [SkipLocalsInit]
    private void Join(ReadOnlySpan<short> even, ReadOnlySpan<short> streams, int groups, int given, Span<short> output)
    {
        Span<short> second = stackalloc short[MaxBlock + PairFir.Block];
        var odd = _filter.Filter(1, streams, second, groups);
        if (output.Length == 2 * groups)
        {
            Strides.Join(even, odd, output);
            return;
        }
        Span<short> both = stackalloc short[2 * MaxBlock];
        Strides.Join(even, odd, both);
        both.Slice(given, output.Length).CopyTo(output);
    }
}
