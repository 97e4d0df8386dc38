using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// The filter that cuts 16 kHz into two bands of 8 kHz, and its mirror that joins them (ITU-T G.722, sections 3.1 and 4.4). 24 taps,
/// symmetric: the even ones, backwards, are the odd ones. A vector holds as many moments as it has lanes.
/// </summary>
internal static class G722Qmf
{
    private const int Taps = 12;

    /// <summary>Samples of each half that an output looks back on.</summary>
    public const int History = Taps - 1;

    // Table 11, every other one, the oldest sample's first; the sum of all 24 is 8192.
    private static ReadOnlySpan<int> Half => [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];

    private static ReadOnlySpan<int> HalfBackwards => [-11, 53, -156, 362, -805, 3876, 951, -210, 32, 12, -11, 3];

    /// <summary>For the first of each two samples, in place: an output replaces the oldest sample that made it.</summary>
    /// <param name="samples">16 bit each, <see cref="History"/> more than there are outputs.</param>
    public static void FilterFirst(Span<int> samples) => Filter(samples, Half);

    /// <summary>For the second of each two.</summary>
    /// <inheritdoc cref="FilterFirst"/>
    public static void FilterSecond(Span<int> samples) => Filter(samples, HalfBackwards);

    private static void Filter(Span<int> samples, ReadOnlySpan<int> taps)
    {
        var outputs = samples.Length - History;
        ref var first = ref MemoryMarshal.GetReference(samples);
        var n = 0;
        for (; n <= outputs - Vector<int>.Count; n += Vector<int>.Count)
        {
            var sum = Vector<int>.Zero;
            for (var i = 0; i < taps.Length; i++)
                sum += Vector.LoadUnsafe(ref first, (nuint)(n + i)) * taps[i];
            sum.CopyTo(samples[n..]);
        }
        for (; n < outputs; n++)
        {
            var sum = 0;
            for (var i = 0; i < taps.Length; i++)
                sum += samples[n + i] * taps[i];
            samples[n] = sum;
        }
    }
}
