using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// A frame of 20 ms as it is kept in case it is wanted again. A wideband frame is two blocks of 10 ms; what that loses lies 33 dB
/// below recorded speech. Of a narrowband one, which was made from 8 kHz and holds nothing above 4, each second sample tells the rest: one block, 30 dB.
/// <code>
///   320 samples ─▶ wide:   | 160 | 160 |                      ─▶ 256 bytes
///               └▶ narrow: the odd ones, which came by the line ─▶ 128 bytes ─▶ those in between, from 16 on each side
/// </code>
/// </summary>
internal static class KeptFrame
{
    public const int NarrowLength = KeptBlock.Length;

    public const int WideLength = 2 * KeptBlock.Length;

    // Samples of the line on each side of one that is put in between: beyond that a sinc is windowed away, 50 dB below telephone speech.
    private const int Reach = 16;

    private static readonly float[] Between = Taps();

    public static bool IsVoiced(ReadOnlySpan<byte> kept) => KeptBlock.IsFlagged(kept);

    /// <param name="frame">320 samples.</param>
    /// <param name="voiced">Kept with them.</param>
    /// <param name="kept">As long as its band wants.</param>
    public static void Write(ReadOnlySpan<short> frame, bool voiced, Span<byte> kept)
    {
        Span<float> samples = stackalloc float[KeptBlock.Samples];
        if (kept.Length == NarrowLength)
        {
            TakeOdd(frame, samples);
            KeptBlock.Write(samples, voiced, kept);
            return;
        }
        Take(frame[..KeptBlock.Samples], samples);
        KeptBlock.Write(samples, voiced, kept[..KeptBlock.Length]);
        Take(frame[KeptBlock.Samples..], samples);
        KeptBlock.Write(samples, voiced, kept[KeptBlock.Length..]);
    }

    /// <param name="before">The frame before, of the same band; empty where there is none.</param>
    /// <param name="kept">As written.</param>
    /// <param name="after">The frame after; empty where there is none.</param>
    /// <param name="frame">320 samples.</param>
    public static void Read(ReadOnlySpan<byte> before, ReadOnlySpan<byte> kept, ReadOnlySpan<byte> after, Span<short> frame)
    {
        const int Samples = KeptBlock.Samples;
        Span<float> samples = stackalloc float[3 * Samples];
        if (kept.Length == WideLength)
        {
            KeptBlock.Read(kept[..KeptBlock.Length], samples);
            KeptBlock.Read(kept[KeptBlock.Length..], samples[Samples..]);
            for (var i = 0; i < frame.Length; i++) frame[i] = Rounded(samples[i]);
            return;
        }
        KeptBlock.Read(kept, samples[Samples..]);
        if (before.IsEmpty) samples[..Samples].Fill(samples[Samples]);
        else KeptBlock.Read(before, samples);
        if (after.IsEmpty) samples[(2 * Samples)..].Fill(samples[(2 * Samples) - 1]);
        else KeptBlock.Read(after, samples[(2 * Samples)..]);
        Span<float> between = stackalloc float[Samples];
        PutBetween(samples[(Samples - Reach)..((2 * Samples) + Reach)], between);
        for (var i = 0; i < Samples; i++) (frame[2 * i], frame[(2 * i) + 1]) = (Rounded(between[i]), Rounded(samples[Samples + i]));
    }

    private static void Take(ReadOnlySpan<short> pcm, Span<float> samples)
    {
        for (var i = 0; i < samples.Length; i += Vector256<float>.Count)
        {
            var eight = Vector128.Create(pcm.Slice(i, Vector128<short>.Count));
            Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(eight), Vector128.WidenUpper(eight))).CopyTo(samples[i..]);
        }
    }

    private static void TakeOdd(ReadOnlySpan<short> pcm, Span<float> samples)
    {
        var pairs = MemoryMarshal.Cast<short, int>(pcm);
        for (var i = 0; i < samples.Length; i += Vector256<float>.Count)
            Vector256.ConvertToSingle(Vector256.Create(pairs.Slice(i, Vector256<int>.Count)) >> 16).CopyTo(samples[i..]);
    }

    // What came before each sample of the line's, half-way from the one before it.
    private static void PutBetween(ReadOnlySpan<float> line, Span<float> between)
    {
        for (var i = 0; i < between.Length; i += Vector256<float>.Count)
        {
            var sum = Vector256<float>.Zero;
            for (var tap = 0; tap < Reach; tap++)
                sum += Between[tap] * (Vector256.Create(line[(Reach + i + tap)..]) + Vector256.Create(line[(Reach + i - 1 - tap)..]));
            sum.CopyTo(between[i..]);
        }
    }

    private static short Rounded(float sample) => (short)Math.Clamp(MathF.Round(sample), short.MinValue, short.MaxValue);

    private static float[] Taps()
    {
        var taps = new float[Reach];
        for (var tap = 0; tap < Reach; tap++)
        {
            var at = tap + 0.5;
            taps[tap] = (float)(Math.Sin(Math.PI * at) / (Math.PI * at) * Math.Pow(Math.Cos(Math.PI * at / (2 * Reach)), 2));
        }
        var sum = 2 * taps.Sum();
        return [.. taps.Select(tap => tap / sum)];
    }
}
