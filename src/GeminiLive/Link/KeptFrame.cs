using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// A frame of 20 ms in a quarter of its size, for audio that is kept in case it is wanted again: adaptive differential PCM of four bits,
/// 29 dB below telephone speech. Eight stretches of 40 samples run side by side in the lanes of a vector; each begins with its first
/// sample as it is and a step of its own, so that a frame needs no other, and silence stays silence.
/// <code>
///   | voiced | 8 steps | 8 first samples | 39 times 8 codes of 4 bits |      181 bytes
/// </code>
/// </summary>
internal static class KeptFrame
{
    public const int Length = CodesAt + ((LaneSamples - 1) * sizeof(uint));

    private const int Lanes = 8;
    private const int LaneSamples = PcmFormat.SamplesPerFrame / Lanes;
    private const int StepsAt = 1;
    private const int FirstAt = StepsAt + Lanes;
    private const int CodesAt = FirstAt + (Lanes * sizeof(short));

    // A step is written as sign, exponent and two bits of the fraction of a single-precision number, less those of 1.
    private const int StepBits = 21;
    private const int StepOfOne = 127 << 2;
    private const int MostStep = 4 * 13;

    // What follows in speech from the two samples before.
    private const float Nearer = 1.75f;
    private const float Farther = -0.8f;

    private static readonly Vector256<int> LowToLane = Vector256.Create(1, 1 << 4, 1 << 8, 1 << 12, 1 << 16, 1 << 20, 1 << 24, 1 << 28);
    private static readonly Vector256<int> LaneToHigh = Vector256.Create(1 << 28, 1 << 24, 1 << 20, 1 << 16, 1 << 12, 1 << 8, 1 << 4, 1);

    // By the size of a code: small ones call for smaller steps.
    private static readonly Vector256<float> Growth = Vector256.Create(0.85f, 0.9f, 1, 1, 1.1f, 1.25f, 1.4f, 1.6f);

    public static bool IsVoiced(ReadOnlySpan<byte> kept) => kept[0] != 0;

    public static void Write(ReadOnlySpan<short> frame, bool voiced, Span<byte> kept)
    {
        Span<Vector256<float>> columns = stackalloc Vector256<float>[LaneSamples];
        for (var i = 0; i < LaneSamples; i++) columns[i] = Column(frame, i);

        kept[0] = voiced ? (byte)1 : (byte)0;
        var first = FirstSteps(columns);
        for (var lane = 0; lane < Lanes; lane++)
        {
            kept[StepsAt + lane] = (byte)first[lane];
            BinaryPrimitives.WriteInt16LittleEndian(kept[(FirstAt + (lane * sizeof(short)))..], frame[lane * LaneSamples]);
        }
        var (steps, last) = Begin(kept);
        var before = last;
        for (var i = 1; i < LaneSamples; i++)
        {
            var expected = (Nearer * last) + (Farther * before);
            var codes = Vector256.ConvertToInt32(Vector256.Round((columns[i] - expected) / steps));
            codes = Vector256.Min(Vector256.Max(codes, Vector256.Create(-8)), Vector256.Create(7));
            BinaryPrimitives.WriteUInt32LittleEndian(kept[(CodesAt + ((i - 1) * sizeof(uint)))..], (uint)Vector256.Sum((codes & Vector256.Create(15)) * LowToLane));
            (before, last) = (last, Next(expected, codes, ref steps));
        }
    }

    /// <param name="kept">As written.</param>
    /// <param name="frame">320 samples.</param>
    public static void Read(ReadOnlySpan<byte> kept, Span<short> frame)
    {
        var (steps, last) = Begin(kept);
        var before = last;
        Put(last, 0, frame);
        for (var i = 1; i < LaneSamples; i++)
        {
            var expected = (Nearer * last) + (Farther * before);
            var word = Vector256.Create((int)BinaryPrimitives.ReadUInt32LittleEndian(kept[(CodesAt + ((i - 1) * sizeof(uint)))..]));
            var codes = (word * LaneToHigh) >> 28;
            (before, last) = (last, Next(expected, codes, ref steps));
            Put(last, i, frame);
        }
    }

    private static (Vector256<float> Steps, Vector256<float> Last) Begin(ReadOnlySpan<byte> kept)
    {
        Span<int> steps = stackalloc int[Lanes];
        Span<float> first = stackalloc float[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            steps[lane] = kept[StepsAt + lane];
            first[lane] = BinaryPrimitives.ReadInt16LittleEndian(kept[(FirstAt + (lane * sizeof(short)))..]);
        }
        return (Vector256.AsSingle((Vector256.Create<int>(steps) + Vector256.Create(StepOfOne)) << StepBits), Vector256.Create<float>(first));
    }

    // The same for who writes and who reads, or they would drift apart.
    private static Vector256<float> Next(Vector256<float> expected, Vector256<int> codes, ref Vector256<float> steps)
    {
        var sample = expected + (Vector256.ConvertToSingle(codes) * steps);
        steps *= Vector256.Shuffle(Growth, Vector256.Min(Vector256.Abs(codes), Vector256.Create(7)));
        steps = Vector256.Min(Vector256.Max(steps, Vector256<float>.One), Vector256.Create(8192f));
        return Vector256.Min(Vector256.Max(sample, Vector256.Create(-32768f)), Vector256.Create(32767f));
    }

    private static Vector256<float> Column(ReadOnlySpan<short> frame, int i) => Vector256.Create(
        frame[i], frame[i + LaneSamples], frame[i + (2 * LaneSamples)], frame[i + (3 * LaneSamples)],
        frame[i + (4 * LaneSamples)], frame[i + (5 * LaneSamples)], frame[i + (6 * LaneSamples)], (float)frame[i + (7 * LaneSamples)]);

    private static void Put(Vector256<float> samples, int i, Span<short> frame)
    {
        var rounded = Vector256.ConvertToInt32(Vector256.Round(samples));
        for (var lane = 0; lane < Lanes; lane++) frame[i + (lane * LaneSamples)] = (short)rounded[lane];
    }

    /// <summary>Steps that each stretch's sharpest bend takes seven of, as the upper bits of the number: its exponent, and quarters.</summary>
    private static Vector256<int> FirstSteps(ReadOnlySpan<Vector256<float>> columns)
    {
        var sharpest = Vector256.Create(7f);
        for (var i = 2; i < columns.Length; i++)
            sharpest = Vector256.Max(sharpest, Vector256.Abs(columns[i] - (2 * columns[i - 1]) + columns[i - 2]));
        var steps = Vector256.ShiftRightLogical(Vector256.AsInt32(sharpest / 7), StepBits) - Vector256.Create(StepOfOne);
        return Vector256.Min(steps, Vector256.Create(MostStep));
    }
}
