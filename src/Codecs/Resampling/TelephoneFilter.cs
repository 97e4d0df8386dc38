namespace VoiceGateway.Codecs;

/// <summary>
/// The low-pass between two of the rates of a call, laid out for <see cref="PairFir"/>. M inputs make a group, which gives L outputs. Input
/// i of each group belongs to stream i, and every output is a plain FIR filter over streams: what lay M apart lies side by side.
/// <code>
///   24 to 8 kHz:    0 3 6 9 …  ─┐
///                   1 4 7 10 … ─┼─▶ 26 taps each ─▶ one output a group
///                   2 5 8 11 … ─┘
/// </code>
/// Immutable, and shared by all calls.
/// </summary>
internal sealed class TelephoneFilter
{
    /// <summary>Inputs that are taken at a time.</summary>
    public const int MaxInput = 480;

    private readonly int _stride;
    private readonly PairFir?[] _firs;
    private readonly int[] _copies;
    private readonly Dictionary<int, int>? _steps;

    /// <param name="inputRateHz">Of which L and M make the output's.</param>
    /// <param name="interpolation">L.</param>
    /// <param name="decimation">M.</param>
    /// <param name="taps">Whose middle is the largest; in units of 2^-<see cref="TelephoneTaps.Scale"/>, so that each phase adds up to 1.</param>
    /// <param name="scales">The scales, as powers of two, in which taps are summed up: the finest first.</param>
    /// <param name="halvings">The sum is divided by two so many times in the end.</param>
    /// <param name="steps">For the design, of taps that are still to be rounded: receives of which number each, by its magnitude, must be a multiple.</param>
    public TelephoneFilter(
        int inputRateHz, int interpolation, int decimation, ReadOnlySpan<int> taps, ReadOnlySpan<int> scales, int halvings = 0, Dictionary<int, int>? steps = null)
    {
        _steps = steps;
        (Interpolation, Decimation) = (interpolation, decimation);
        // The newest of the inputs that make an output is used at once, which takes M-1 off the delay.
        DelayTicks = (long)Math.Round(TimeSpan.TicksPerSecond * (taps.Length / 2 - (decimation - 1)) / ((double)inputRateHz * interpolation));

        var outputs = new SortedDictionary<(int Stream, int Group), int>[interpolation];
        for (var output = 0; output < interpolation; output++) outputs[output] = Places(output, taps);
        History = -outputs.SelectMany(static output => output.Keys).Min(static at => at.Group);
        _stride = History + MaxInput / decimation + 1;
        if (StreamsLength > TelephoneTaps.MostStreamsLength || decimation > TelephoneTaps.MostDecimation)
            throw new ArgumentException($"{StreamsLength} samples of streams.", nameof(taps));

        _firs = new PairFir?[interpolation];
        _copies = new int[interpolation];
        for (var output = 0; output < interpolation; output++)
        {
            if (outputs[output] is { Count: 1 } single && taps[single.Values.Single()] == 1 << TelephoneTaps.Scale && halvings == 0)
                _copies[output] = Offset(single.Keys.Single());
            else
                _firs[output] = Lay(Pairs(outputs[output], taps), scales, halvings);
        }
    }

    /// <summary>L: outputs of a group.</summary>
    public int Interpolation { get; }

    /// <summary>M: inputs of a group.</summary>
    public int Decimation { get; }

    /// <summary>Samples of each stream that lie before the current group's.</summary>
    public int History { get; }

    public long DelayTicks { get; }

    /// <summary>Room for all streams, and for what is read beyond them.</summary>
    public int StreamsLength => Decimation * _stride + PairFir.Block + 2;

    /// <summary>Where a stream's history begins.</summary>
    public int StreamAt(int stream) => stream * _stride;

    /// <summary>One output of each of so many groups.</summary>
    /// <param name="output">Which: below L.</param>
    /// <param name="streams">Each with its history and the groups.</param>
    /// <param name="room">For the groups, in whole blocks.</param>
    /// <param name="groups">How many.</param>
    /// <returns>The outputs: in <paramref name="room"/>, or where they were already.</returns>
    public ReadOnlySpan<short> Filter(int output, ReadOnlySpan<short> streams, Span<short> room, int groups)
    {
        if (_firs[output] is not { } fir) return streams.Slice(_copies[output], groups);
        fir.Filter(streams, room, groups);
        return room[..groups];
    }

    // Inputs count from the first of the current group; those before it belong to groups below zero.
    private SortedDictionary<(int Stream, int Group), int> Places(int output, ReadOnlySpan<int> taps)
    {
        var places = new SortedDictionary<(int Stream, int Group), int>();
        var (newest, phase) = Math.DivRem(Decimation - 1 + output * Decimation, Interpolation);
        for (var i = phase; i < taps.Length; i += Interpolation)
        {
            var input = newest - i / Interpolation;
            var stream = (input % Decimation + Decimation) % Decimation;
            if (taps[i] != 0) places.Add((stream, (input - stream) / Decimation), i);
        }
        return places;
    }

    private int Offset((int Stream, int Group) at) => StreamAt(at.Stream) + History + at.Group;

    private (int Offset, int First, int Second)[] Pairs(SortedDictionary<(int Stream, int Group), int> places, ReadOnlySpan<int> taps)
    {
        var pairs = new List<(int Offset, int First, int Second)>();
        foreach (var stream in places.GroupBy(static place => place.Key.Stream))
            for (var group = stream.First().Key.Group; group <= stream.Last().Key.Group; group += 2)
                pairs.Add((Offset((stream.Key, group)), Tap(taps, stream.Key, group), Tap(taps, stream.Key, group + 1)));
        return [.. pairs];

        int Tap(ReadOnlySpan<int> taps, int stream, int group) => places.TryGetValue((stream, group), out var i) ? taps[i] : 0;
    }

    /// <summary>
    /// Small taps first, in a fine scale: 16 bits hold them to as many places as large ones. Before the sum could leave its 32 bits it goes on
    /// in the next scale.
    /// </summary>
    private PairFir Lay((int Offset, int First, int Second)[] pairs, ReadOnlySpan<int> scales, int halvings)
    {
        Array.Sort(pairs, static (a, b) => Largest(a).CompareTo(Largest(b)));
        var (taps, stages) = (new List<PairTap>(), new List<PairStage>());
        var (scale, sum) = (0, 0L);
        foreach (var pair in pairs)
        {
            sum += Math.Abs(pair.First) + Math.Abs(pair.Second);
            for (; !Fits(Largest(pair), sum, scales[scale]) && scale < scales.Length - 1; scale++)
                stages.Add(new PairStage(taps.Count, scales[scale] - scales[scale + 1]));
            if (!Fits(Largest(pair), sum, scales[scale])) throw new ArgumentException("The scales are too fine.", nameof(scales));
            taps.Add(PairTap.Of(pair.Offset, InScale(pair.First, scales[scale]), InScale(pair.Second, scales[scale])));
        }
        stages.Add(new PairStage(taps.Count, scales[scale] + halvings));
        return new PairFir([.. taps], [.. stages]);
    }

    private static int Largest((int Offset, int First, int Second) pair) => Math.Max(Math.Abs(pair.First), Math.Abs(pair.Second));

    // Full-scale samples of the worst signs, and the rounding of each stage.
    private static bool Fits(int largest, long sum, int scale) =>
        largest >> (TelephoneTaps.Scale - scale) <= short.MaxValue && sum >> (TelephoneTaps.Scale - scale) < 65_530;

    private int InScale(int tap, int scale)
    {
        var step = 1 << (TelephoneTaps.Scale - scale);
        if (_steps is not null)
            _steps[Math.Abs(tap)] = Math.Max(step, _steps.GetValueOrDefault(Math.Abs(tap)));
        else if (tap % step != 0)
            throw new ArgumentException($"{tap} is no multiple of {step}.", nameof(tap));
        return tap / step;
    }

    /// <summary>A symmetric filter from its middle and one side.</summary>
    public static int[] Whole(ReadOnlySpan<int> fromTheMiddle)
    {
        var taps = new int[2 * fromTheMiddle.Length - 1];
        for (var i = 0; i < fromTheMiddle.Length; i++)
            taps[fromTheMiddle.Length - 1 + i] = taps[fromTheMiddle.Length - 1 - i] = fromTheMiddle[i];
        return taps;
    }

    /// <summary>A half-band filter from one side of its odd taps: the even ones are zero but for the middle, which adds up to 1 alone.</summary>
    public static int[] WholeHalfBand(ReadOnlySpan<int> oddFromTheMiddle)
    {
        var taps = new int[4 * oddFromTheMiddle.Length - 1];
        var middle = 2 * oddFromTheMiddle.Length - 1;
        taps[middle] = 1 << TelephoneTaps.Scale;
        for (var i = 0; i < oddFromTheMiddle.Length; i++)
            taps[middle + 2 * i + 1] = taps[middle - 2 * i - 1] = oddFromTheMiddle[i];
        return taps;
    }
}
