using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs;

/// <summary>
/// FIR filters over 16-bit samples: <c>y[n] = Σ first tap * x[n + offset] + second tap * x[n + offset + 1]</c>, in 32-bit integers.
/// Exact, so that it does not matter how wide the vectors are or where a stream was cut.
/// <code>
///   a load at n + offset      x0 x1 | x2 x3 | x4 x5 | …    sums for n, n + 2, n + 4…    even
///   the same, a sample on     x1 x2 | x3 x4 | x5 x6 | …    sums for n + 1, n + 3…       odd
/// </code>
/// Every lane has a sum of its own: none goes across a vector, and nothing is shuffled before the end.
/// </summary>
internal sealed class PairFir
{
    /// <summary>Outputs are made this many at a time: up to so many more are read for, and written.</summary>
    public const int Block = 64;

    private readonly PairTap[] _taps;
    private readonly PairStage[] _stages;
    private readonly int _reach;

    /// <param name="taps">In the order in which they are summed up: from the smallest to the largest.</param>
    /// <param name="stages">Where the sum changes its scale; the last brings it to that of the samples.</param>
    public PairFir(PairTap[] taps, PairStage[] stages)
    {
        if (taps.Any(static tap => tap.Offset < 0) || stages[^1].End != taps.Length)
            throw new ArgumentException("An offset is negative, or taps are left over.", nameof(taps));
        (_taps, _stages, _reach) = (taps, stages, taps.Max(static tap => tap.Offset));
    }

    /// <param name="x">Reaches a <see cref="Block"/> and one sample beyond the last that is needed.</param>
    /// <param name="y">Room for <paramref name="count"/>, rounded up to whole blocks; clipped to 16 bits.</param>
    /// <param name="count">Outputs.</param>
    public void Filter(ReadOnlySpan<short> x, Span<short> y, int count)
    {
        Check(_reach, x.Length, y.Length, count);
        if (PairLanes512.IsSupported) Filter<PairLanes512, Vector512<int>>(x, y, count);
        else if (PairLanes256.IsSupported) Filter<PairLanes256, Vector256<int>>(x, y, count);
        else Filter<PairLanes128, Vector128<int>>(x, y, count);
    }

    /// <summary>The sums of any taps, as they are: the magnitudes of the taps add up to less than 65,536.</summary>
    /// <inheritdoc cref="Filter(ReadOnlySpan{short}, Span{short}, int)"/>
    public static void Sums(ReadOnlySpan<PairTap> taps, ReadOnlySpan<short> x, Span<int> y, int count)
    {
        var reach = 0;
        foreach (ref readonly var tap in taps) reach = Math.Max(reach, tap.Offset);
        Check(reach, x.Length, y.Length, count);
        if (PairLanes512.IsSupported) Sums<PairLanes512, Vector512<int>>(taps, x, y, count);
        else if (PairLanes256.IsSupported) Sums<PairLanes256, Vector256<int>>(taps, x, y, count);
        else Sums<PairLanes128, Vector128<int>>(taps, x, y, count);
    }

    // With spans that were checked; for tests, with any width.
    internal void Filter<TLanes, T>(ReadOnlySpan<short> x, Span<short> y, int count) where TLanes : struct, IPairLanes<T>
    {
        ReadOnlySpan<PairTap> taps = _taps;
        ref var samples = ref MemoryMarshal.GetReference(x);
        ref var results = ref MemoryMarshal.GetReference(y);
        var half = 2 * TLanes.Count;
        var n = 0;
        // Two halves share each tap; what is left at the end may be one.
        for (; n + half < count; n += 2 * half)
        {
            var (even0, odd0, even1, odd1) = (TLanes.Zero, TLanes.Zero, TLanes.Zero, TLanes.Zero);
            var t = 0;
            foreach (var stage in _stages)
            {
                for (; t < stage.End; t++)
                {
                    var tap = TLanes.Broadcast(taps[t].Taps);
                    var at = (nuint)(uint)(n + taps[t].Offset);
                    even0 = TLanes.AddProducts(even0, ref samples, at, tap);
                    odd0 = TLanes.AddProducts(odd0, ref samples, at + 1, tap);
                    even1 = TLanes.AddProducts(even1, ref samples, at + (nuint)half, tap);
                    odd1 = TLanes.AddProducts(odd1, ref samples, at + (nuint)half + 1, tap);
                }
                even0 = TLanes.ShiftRight(even0, stage.Shift);
                odd0 = TLanes.ShiftRight(odd0, stage.Shift);
                even1 = TLanes.ShiftRight(even1, stage.Shift);
                odd1 = TLanes.ShiftRight(odd1, stage.Shift);
            }
            TLanes.StoreClipped(even0, odd0, ref results, (nuint)n);
            TLanes.StoreClipped(even1, odd1, ref results, (nuint)(n + half));
        }
        for (; n < count; n += half)
        {
            var (even, odd) = (TLanes.Zero, TLanes.Zero);
            var t = 0;
            foreach (var stage in _stages)
            {
                for (; t < stage.End; t++)
                {
                    var tap = TLanes.Broadcast(taps[t].Taps);
                    var at = (nuint)(uint)(n + taps[t].Offset);
                    even = TLanes.AddProducts(even, ref samples, at, tap);
                    odd = TLanes.AddProducts(odd, ref samples, at + 1, tap);
                }
                even = TLanes.ShiftRight(even, stage.Shift);
                odd = TLanes.ShiftRight(odd, stage.Shift);
            }
            TLanes.StoreClipped(even, odd, ref results, (nuint)n);
        }
    }

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
                even0 = TLanes.AddProducts(even0, ref samples, at, tap);
                odd0 = TLanes.AddProducts(odd0, ref samples, at + 1, tap);
                even1 = TLanes.AddProducts(even1, ref samples, at + (nuint)half, tap);
                odd1 = TLanes.AddProducts(odd1, ref samples, at + (nuint)half + 1, tap);
            }
            TLanes.Store(even0, odd0, ref results, (nuint)n);
            TLanes.Store(even1, odd1, ref results, (nuint)(n + half));
        }
    }

    private static void Check(int reach, int samples, int room, int count)
    {
        var whole = (count + Block - 1) / Block * Block;
        if (samples < whole + reach + 1 || room < whole)
            throw new ArgumentException($"{count} outputs need {whole + reach + 1} samples and room for {whole}, not {samples} and {room}.");
    }
}
