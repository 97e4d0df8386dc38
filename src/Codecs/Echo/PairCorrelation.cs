using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs;

/// <summary>
/// <c>y[n] = Σ first tap * x[n + offset] + second tap * x[n + offset + 1]</c>, in 32-bit integers, for pairs that lie apart.
/// <code>
///   a load at n + offset      x0 x1 | x2 x3 | x4 x5 | …    sums for n, n + 2, n + 4…    even
///   the same, a sample on     x1 x2 | x3 x4 | x5 x6 | …    sums for n + 1, n + 3…       odd
/// </code>
/// </summary>
internal static class PairCorrelation
{
    /// <summary>Outputs are made this many at a time: up to so many more are read for, and written.</summary>
    public const int Block = 64;

    /// <param name="taps">Whose magnitudes add up to less than 65,536.</param>
    /// <param name="x">Reaches a <see cref="Block"/> and one sample beyond the last that is needed.</param>
    /// <param name="y">Room for <paramref name="count"/>, rounded up to whole blocks.</param>
    /// <param name="count">Outputs.</param>
    public static void Sums(ReadOnlySpan<PairTap> taps, ReadOnlySpan<short> x, Span<int> y, int count)
    {
        var reach = 0;
        foreach (ref readonly var tap in taps) reach = Math.Max(reach, tap.Offset);
        var whole = (count + Block - 1) / Block * Block;
        if (x.Length < whole + reach + 1 || y.Length < whole)
            throw new ArgumentException($"{count} outputs need {whole + reach + 1} samples and room for {whole}, not {x.Length} and {y.Length}.");
        if (PairLanes512.IsSupported) Sums<PairLanes512, Vector512<int>>(taps, x, y, count);
        else if (PairLanes256.IsSupported) Sums<PairLanes256, Vector256<int>>(taps, x, y, count);
        else Sums<PairLanes128, Vector128<int>>(taps, x, y, count);
    }

    // With spans that were checked; for tests, with any width.
    internal static void Sums<TLanes, T>(ReadOnlySpan<PairTap> taps, ReadOnlySpan<short> x, Span<int> y, int count) where TLanes : struct, IPairLanes<T>
    {
        ref var samples = ref MemoryMarshal.GetReference(x);
        ref var results = ref MemoryMarshal.GetReference(y);
        var half = 2 * TLanes.Count;
        for (var n = 0; n < count; n += 2 * half)
        {
            var (even0, odd0, even1, odd1) = (TLanes.Zero, TLanes.Zero, TLanes.Zero, TLanes.Zero);
            foreach (ref readonly var pair in taps)
            {
                var tap = TLanes.Broadcast(pair.Taps);
                var at = (nuint)(uint)(n + pair.Offset);
                even0 = TLanes.AddProducts(even0, TLanes.Load(ref samples, at), tap);
                odd0 = TLanes.AddProducts(odd0, TLanes.Load(ref samples, at + 1), tap);
                even1 = TLanes.AddProducts(even1, TLanes.Load(ref samples, at + (nuint)half), tap);
                odd1 = TLanes.AddProducts(odd1, TLanes.Load(ref samples, at + (nuint)half + 1), tap);
            }
            TLanes.Store(even0, odd0, ref results, (nuint)n);
            TLanes.Store(even1, odd1, ref results, (nuint)(n + half));
        }
    }
}
