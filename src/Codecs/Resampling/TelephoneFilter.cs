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
    /// <param name="halvings">The sum is divided by two so many times in the end.</param>
    /// <param name="steps">For the design, of taps that are still to be rounded: receives of which number each, by its magnitude, must be a multiple.</param>
    public TelephoneFilter(int inputRateHz, int interpolation, int decimation, ReadOnlySpan<int> taps, int halvings = 0, Dictionary<int, int>? steps = null)
    {
        _steps = steps;
        (Interpolation, Decimation) = (interpolation, decimation);
        // The newest of the inputs that make an output is used at once, which takes M-1 off the delay.
        DelayTicks = (long)Math.Round(TimeSpan.TicksPerSecond * (taps.Length / 2 - (decimation - 1)) / ((double)inputRateHz * interpolation));

        var outputs = new SortedDictionary<(int Stream, int Group), int>[interpolation];
        for (var output = 0; output < interpolation; output++) outputs[output] = Taps(output, taps);
        History = -outputs.SelectMany(static output => output.Keys).Min(static at => at.Group);
        _stride = History + MaxInput / decimation + 1;
        if (StreamsLength > TelephoneTaps.MostStreamsLength || decimation > TelephoneTaps.MostDecimation)
            throw new ArgumentException($"{StreamsLength} samples of streams.", nameof(taps));

        _firs = new PairFir?[interpolation];
        _copies = new int[interpolation];
        for (var output = 0; output < interpolation; output++)
        {
            if (outputs[output] is { Count: 1 } single && single.Values.Single() == 1 << TelephoneTaps.Scale && halvings == 0)
                _copies[output] = Offset(single.Keys.Single());
            else
                _firs[output] = Lay(Windows(outputs[output]), halvings);
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
    private SortedDictionary<(int Stream, int Group), int> Taps(int output, ReadOnlySpan<int> taps)
    {
        var groups = new SortedDictionary<(int Stream, int Group), int>();
        var (newest, phase) = Math.DivRem(Decimation - 1 + output * Decimation, Interpolation);
        for (var i = phase; i < taps.Length; i += Interpolation)
        {
            var input = newest - i / Interpolation;
            var stream = (input % Decimation + Decimation) % Decimation;
            if (taps[i] != 0) groups.Add((stream, (input - stream) / Decimation), taps[i]);
        }
        return groups;
    }

    private int Offset((int Stream, int Group) at) => StreamAt(at.Stream) + History + at.Group;

    /// <summary>
    /// Three taps at each second place: the last two are for the even output, the first two for the odd one, which looks at the same two
    /// samples from a place further on. A tap that is in two windows is a whole number in the coarser scale of both, so that it can be added
    /// before or after a rounding: an output is the same whether it is an even or an odd one.
    /// </summary>
    private (int Offset, int Before, int First, int Second)[] Windows(SortedDictionary<(int Stream, int Group), int> taps)
    {
        var windows = new List<(int Offset, int Before, int First, int Second)>();
        foreach (var stream in taps.GroupBy(static tap => tap.Key.Stream, static tap => (tap.Key.Group, Tap: tap.Value)))
        {
            var tapAt = stream.ToDictionary(static place => place.Group, static place => place.Tap);
            // The largest is in the middle, where it is in one window only: it takes the fewest others into its coarse scale.
            var largest = stream.MaxBy(static place => Math.Abs(place.Tap)).Group;
            var start = stream.First().Group;
            start -= (largest - start) & 1;
            for (var group = start; group <= stream.Last().Group + 1; group += 2)
                windows.Add((Offset((stream.Key, group)), tapAt.GetValueOrDefault(group - 1), tapAt.GetValueOrDefault(group), tapAt.GetValueOrDefault(group + 1)));
        }
        return [.. windows];
    }

    /// <summary>
    /// Small taps first, in a fine scale: 16 bits hold them to as many places as large ones. Before the sum could leave its 32 bits it goes on
    /// in the next scale.
    /// </summary>
    private PairFir Lay((int Offset, int Before, int First, int Second)[] windows, int halvings)
    {
        var (steps, stages) = (new List<PairStep>(), new List<PairStage>());
        var scales = TelephoneTaps.Scales;
        var (scale, even, odd) = (0, 0L, 0L);
        foreach (var window in windows.OrderBy(Largest).ThenBy(static window => Math.Abs(window.Before) + Math.Abs(window.First) + Math.Abs(window.Second)))
        {
            even += Math.Abs(window.First) + Math.Abs(window.Second);
            odd += Math.Abs(window.Before) + Math.Abs(window.First);
            for (; !Fits(Largest(window), Math.Max(even, odd), scales[scale]); scale++)
            {
                if (scale == scales.Length - 1) throw new ArgumentException("The scales are too fine.", nameof(windows));
                stages.Add(new PairStage(steps.Count, scales[scale] - scales[scale + 1]));
            }
            var (before, first, second) = (InScale(window.Before, scales[scale]), InScale(window.First, scales[scale]), InScale(window.Second, scales[scale]));
            steps.Add(new PairStep(window.Offset, PairStep.Pair(first, second), PairStep.Pair(before, first)));
        }
        stages.Add(new PairStage(steps.Count, scales[scale] + halvings));
        return new PairFir([.. steps], [.. stages]);
    }

    private static int Largest((int Offset, int Before, int First, int Second) window) =>
        Math.Max(Math.Abs(window.Before), Math.Max(Math.Abs(window.First), Math.Abs(window.Second)));

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
