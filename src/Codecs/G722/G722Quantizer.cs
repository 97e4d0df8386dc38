using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VoiceGateway.Codecs;

/// <summary>
/// The low band's quantiser (ITU-T G.722, QUANTL): among 29 thresholds, each times the step, where does a difference lie?
/// All are compared at once where the processor can.
/// </summary>
internal static class G722Quantizer
{
    // Lanes without a threshold hold zero, which nothing lies below.
    private const int EmptyLanes = 3;

    // Q6, table 14, in steps of 1/4096.
    private static ReadOnlySpan<ushort> Thresholds =>
    [
        0, 0, 0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587,
        650, 714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
    ];

    /// <param name="magnitude">0 to 32767.</param>
    /// <param name="step">32 to 16384.</param>
    /// <returns>1 to 30.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Level(int magnitude, int step)
    {
        if (!Avx2.IsSupported) return LevelBySearch(magnitude, step);
        // (Q * step) >> 12 is the upper half of (16 Q) * step: both fit 16 bits without a sign.
        var scale = Vector256.Create((ushort)step);
        var small = Avx2.MultiplyHigh(Vector256.Create(Thresholds) << 4, scale).AsInt16();
        var large = Avx2.MultiplyHigh(Vector256.Create(Thresholds[16..]) << 4, scale).AsInt16();
        var given = Vector256.Create((short)magnitude);
        var above = Avx2.PackSignedSaturate(Avx2.CompareGreaterThan(small, given), Avx2.CompareGreaterThan(large, given));
        return 32 - EmptyLanes + 1 - BitOperations.PopCount((uint)Avx2.MoveMask(above));
    }

    /// <summary>The same by halving, for every processor.</summary>
    internal static int LevelBySearch(int magnitude, int step)
    {
        var (below, above) = (EmptyLanes - 1, Thresholds.Length);
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            if ((Thresholds[middle] * step) >> 12 <= magnitude) below = middle;
            else above = middle;
        }
        return below - EmptyLanes + 2;
    }
}
