using System.Runtime.Intrinsics;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// 160 samples in 128 bytes: adaptive differential PCM of five bits, at a step and after a predictor that each stretch of 20 samples chooses for
/// itself. The eight stretches run side by side in the lanes of a vector. A block needs no other, and silence stays silence.
/// <code>
///             bits 0 to 4    5 to 8   9 to 14   15 to 17    20 to 30       31
///   word 0  | last code    | unused | step    | predictor | first sample | flag |      8 lanes each
///   words 1 to 3  | six codes, two bits unused                                  |
/// </code>
/// </summary>
internal static class KeptBlock
{
    public const int Samples = Lanes * LaneSamples;

    public const int Length = 4 * WordBytes;

    private const int Lanes = 8;
    private const int LaneSamples = 20;
    private const int WordBytes = Lanes * sizeof(uint);
    private const int CodeBits = 5;
    private const int CodesPerWord = 6;
    private const int StepAt = 9;
    private const int PredictorAt = 15;
    private const int FirstAt = 20;

    // The sharpest residual is so many: a little more than the largest code, for most are smaller than they could be.
    private const float StepsToPeak = 15.5f;

    // A step is the exponent and two bits of the fraction of a single-precision number, less those of 1; a first sample the sign, the
    // exponent and six bits, less those of a half.
    private const int StepBits = 21;
    private const int StepOfOne = 127 << 2;
    private const int FirstBits = 17;
    private const int FirstOfHalf = 126 << 6;
    private const int FirstMagnitude = (1 << 10) - 1;

    // Added to a number of at most 22 bits it rounds it, and leaves the whole number in the lowest bits of the sum.
    private const float Rounding = 1.5f * (1 << 23);

    // What follows from the two samples before: in noise, in what hisses, in voices with few and with many overtones. Found by clustering
    // the best predictors of stretches of speech.
    private static readonly Vector256<float> Nearer = Vector256.Create(0, -1, 1.33f, 1.9f, 0.77f, -1.68f, -0.81f, 1.57f);
    private static readonly Vector256<float> Farther = Vector256.Create(0, -0.19f, -0.73f, -0.93f, 0.12f, -0.83f, -0.75f, -0.63f);

    public static bool IsFlagged(ReadOnlySpan<byte> kept) => (kept[3] & 0x80) != 0;

    /// <param name="samples">160 of them, whole numbers of 16 bits.</param>
    /// <param name="flag">Kept with them.</param>
    /// <param name="kept">128 bytes.</param>
    public static void Write(ReadOnlySpan<float> samples, bool flag, Span<byte> kept)
    {
        Span<Vector256<float>> columns = stackalloc Vector256<float>[LaneSamples];
        for (var i = 0; i < LaneSamples; i++) columns[i] = Column(samples, i);

        var head = Begin(columns);
        var (nearer, farther, perStep, last) = State(head, out _);
        var (before, word) = (last, Vector256<int>.Zero);
        for (var i = 1; i < LaneSamples; i++)
        {
            var expected = Expected(nearer, last, farther, before);
            var code = Vector256.MinNative(Vector256.MaxNative((columns[i] * perStep) - expected, Vector256.Create(-16f)), Vector256.Create(15f)) + Vector256.Create(Rounding);
            (before, last) = (last, expected + (code - Vector256.Create(Rounding)));
            var place = (i - 1) % CodesPerWord;
            word |= (code.AsInt32() & Vector256.Create((1 << CodeBits) - 1)) << (CodeBits * place);
            if (place < CodesPerWord - 1) continue;
            Put(word, i / CodesPerWord, kept);
            word = Vector256<int>.Zero;
        }
        Put(head | word | (flag ? Vector256.Create(int.MinValue) : Vector256<int>.Zero), 0, kept);
    }

    /// <param name="kept">As written.</param>
    /// <param name="samples">160 of them.</param>
    public static void Read(ReadOnlySpan<byte> kept, Span<float> samples)
    {
        var head = Get(kept, 0);
        var (nearer, farther, _, last) = State(head, out var steps);
        var before = last;
        Scatter(last * steps, 0, samples);
        for (var i = 1; i < LaneSamples; i++)
        {
            var (word, place) = Math.DivRem(i - 1, CodesPerWord);
            var codes = Get(kept, i < LaneSamples - 1 ? word + 1 : 0);
            var code = (codes << (32 - CodeBits - (CodeBits * place))) >> (32 - CodeBits);
            (before, last) = (last, Expected(nearer, last, farther, before) + Vector256.ConvertToSingle(code));
            Scatter(last * steps, i, samples);
        }
    }

    /// <summary>The predictor whose sharpest residual is the least, and the step for it.</summary>
    private static Vector256<int> Begin(ReadOnlySpan<Vector256<float>> columns)
    {
        var (peak, predictor) = (Peak(columns, 0), Vector256<int>.Zero);
        for (var i = 1; i < Vector256<float>.Count; i++) (peak, predictor) = Less(peak, predictor, Peak(columns, i), i);

        var wanted = Vector256.MaxNative(peak * (1 / StepsToPeak), Vector256<float>.One).AsInt32();
        var step = ((wanted + Vector256.Create(1 << (StepBits - 1))) >> StepBits) - Vector256.Create(StepOfOne);
        var first = columns[0].AsInt32();
        var magnitude = (((first & Vector256.Create(int.MaxValue)) + Vector256.Create(1 << (FirstBits - 1))) >> FirstBits) - Vector256.Create(FirstOfHalf);
        magnitude = Vector256.Min(Vector256.Max(magnitude, Vector256<int>.Zero), Vector256.Create(FirstMagnitude));
        var signed = Vector256.ShiftRightLogical(first & Vector256.Create(int.MinValue), 31 - 10) | magnitude;
        return (step << StepAt) | (predictor << PredictorAt) | (signed << FirstAt);
    }

    // All in steps. The same for who writes and who reads, or they would drift apart.
    private static (Vector256<float> Nearer, Vector256<float> Farther, Vector256<float> PerStep, Vector256<float> First) State(Vector256<int> head, out Vector256<float> steps)
    {
        steps = ((((head >> StepAt) & Vector256.Create(63)) + Vector256.Create(StepOfOne)) << StepBits).AsSingle();
        var predictor = (head >> PredictorAt) & Vector256.Create(7);
        var first = head >> FirstAt;
        var magnitude = first & Vector256.Create(FirstMagnitude);
        var bits = ((magnitude + Vector256.Create(FirstOfHalf)) << FirstBits) | ((first << (31 - 10)) & Vector256.Create(int.MinValue));
        bits = Vector256.AndNot(bits, Vector256.Equals(magnitude, Vector256<int>.Zero));
        var perStep = Vector256<float>.One / steps;
        return (Vector256.Shuffle(Nearer, predictor), Vector256.Shuffle(Farther, predictor), perStep, bits.AsSingle() * perStep);
    }

    private static Vector256<float> Expected(Vector256<float> nearer, Vector256<float> last, Vector256<float> farther, Vector256<float> before) =>
        Vector256.MultiplyAddEstimate(nearer, last, farther * before);

    private static Vector256<float> Peak(ReadOnlySpan<Vector256<float>> columns, int predictor)
    {
        var (nearer, farther) = (Vector256.Create(Nearer[predictor]), Vector256.Create(Farther[predictor]));
        var (peak, last, before) = (Vector256<float>.Zero, columns[0], columns[0]);
        for (var i = 1; i < columns.Length; i++)
        {
            peak = Vector256.MaxNative(peak, Vector256.Abs(columns[i] - Expected(nearer, last, farther, before)));
            (before, last) = (last, columns[i]);
        }
        return peak;
    }

    private static (Vector256<float> Peak, Vector256<int> Predictor) Less(Vector256<float> least, Vector256<int> predictor, Vector256<float> peak, int its)
    {
        var isLess = Vector256.LessThan(peak, least);
        return (Vector256.ConditionalSelect(isLess, peak, least), Vector256.ConditionalSelect(isLess.AsInt32(), Vector256.Create(its), predictor));
    }

    private static Vector256<float> Column(ReadOnlySpan<float> samples, int i) => Vector256.Create(
        samples[i], samples[i + LaneSamples], samples[i + (2 * LaneSamples)], samples[i + (3 * LaneSamples)],
        samples[i + (4 * LaneSamples)], samples[i + (5 * LaneSamples)], samples[i + (6 * LaneSamples)], samples[i + (7 * LaneSamples)]);

    private static void Scatter(Vector256<float> column, int i, Span<float> samples)
    {
        for (var lane = 0; lane < Lanes; lane++) samples[i + (lane * LaneSamples)] = column[lane];
    }

    private static void Put(Vector256<int> word, int at, Span<byte> kept) => word.AsByte().CopyTo(kept[(at * WordBytes)..]);

    private static Vector256<int> Get(ReadOnlySpan<byte> kept, int at) => Vector256.Create(kept.Slice(at * WordBytes, WordBytes)).AsInt32();
}
