using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// The half-band low-pass between 16 and 8 kHz: 63 taps around a cut-off at 4 kHz, where every other tap is zero but for the middle one, a half.
/// What is left are the taps that meet the odd samples; the even ones pass through. Flat to 3.4 kHz, 74 dB down from 4.6 kHz on.
/// </summary>
internal static class HalfBand
{
    public const int Taps = 32;

    // With a sum of one: in between two samples at 8 kHz; half of it beside the middle tap.
    private static readonly float[] Odd = Design();

    /// <summary><c>y[n] = Σ tap[i] x[n + i]</c>: the values half-way between <c>x[n + 15]</c> and <c>x[n + 16]</c>.</summary>
    /// <param name="x"><see cref="Taps"/> - 1 longer than <paramref name="y"/>.</param>
    /// <param name="y">The sums.</param>
    public static void Between(ReadOnlySpan<float> x, Span<float> y)
    {
        ReadOnlySpan<float> taps = Odd;
        var n = 0;
        // Slices would check each load: the last is at y's end and a filter's length further.
        x = x[..(y.Length + Taps - 1)];
        ref var first = ref MemoryMarshal.GetReference(x);
        for (; n <= y.Length - Vector<float>.Count; n += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            for (var i = 0; i < taps.Length; i++)
                sum = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref first, (nuint)(n + i)), new Vector<float>(taps[i]), sum);
            sum.CopyTo(y[n..]);
        }
        for (; n < y.Length; n++)
        {
            // Rounded as in a lane: chunk borders cannot be seen in the result.
            var sum = 0f;
            for (var i = 0; i < taps.Length; i++)
                sum = float.MultiplyAddEstimate(x[n + i], taps[i], sum);
            y[n] = sum;
        }
    }

    private static float[] Design()
    {
        // Every other tap of the whole filter, from its end on.
        var whole = KaiserLowPass.Design(Taps - 1, 0.25, 600 / 16000.0);
        var taps = whole.Where(static (_, i) => i % 2 == 0).ToArray();
        var sum = taps.Sum();
        return [.. taps.Select(tap => (float)(tap / sum))];
    }
}
