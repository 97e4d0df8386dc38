using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs;

/// <summary>
/// FIR filters over 16-bit samples in 32-bit integers: exact, so that it does not matter how wide the vectors are or where a stream was cut.
/// <code>
///   samples at n + offset     x0 x1 | x2 x3 | x4 x5 | …
///     times even taps         sums for n, n + 2, n + 4…
///     times odd taps          sums for n + 1, n + 3, n + 5…
/// </code>
/// Every lane has a sum of its own: none goes across a vector, and nothing is shuffled before the end. Even and odd outputs share each load, with
/// taps that are one sample apart: most loads cross a cache line, and cost more than the two multiplications.
/// </summary>
internal sealed class PairFir
{
    /// <summary>Outputs are made this many at a time: up to so many more are read for, and written. 20 ms at 8 kHz.</summary>
    public const int Block = 160;

    private readonly PairStep[] _steps;
    private readonly PairStage[] _stages;
    private readonly int _reach;

    /// <param name="steps">In the order in which they are summed up: from the smallest taps to the largest.</param>
    /// <param name="stages">Where the sum changes its scale; the last brings it to that of the samples.</param>
    public PairFir(PairStep[] steps, PairStage[] stages)
    {
        if (steps.Any(static step => step.Offset < 0) || stages[^1].End != steps.Length)
            throw new ArgumentException("An offset is negative, or steps are left over.", nameof(steps));
        (_steps, _stages, _reach) = (steps, stages, steps.Max(static step => step.Offset));
    }

    /// <param name="x">Reaches a <see cref="Block"/> and one sample beyond the last that is needed.</param>
    /// <param name="y">Room for <paramref name="count"/>, rounded up to whole blocks; clipped to 16 bits.</param>
    /// <param name="count">Outputs.</param>
    public void Filter(ReadOnlySpan<short> x, Span<short> y, int count)
    {
        var whole = (count + Block - 1) / Block * Block;
        if (x.Length < whole + _reach + 1 || y.Length < whole)
            throw new ArgumentException($"{count} outputs need {whole + _reach + 1} samples and room for {whole}, not {x.Length} and {y.Length}.");
        if (PairLanes512.IsSupported) Filter<PairLanes512, Vector512<int>>(x, y, count);
        else if (PairLanes256.IsSupported) Filter<PairLanes256, Vector256<int>>(x, y, count);
        else Filter<PairLanes128, Vector128<int>>(x, y, count);
    }

    // With spans that were checked; for tests, with any width.
    internal void Filter<TLanes, T>(ReadOnlySpan<short> x, Span<short> y, int count) where TLanes : struct, IPairLanes<T>
    {
        ReadOnlySpan<PairStep> steps = _steps;
        ref var results = ref MemoryMarshal.GetReference(y);
        // Five share each tap: ten sums and two taps fit into sixteen registers, and five of the widest make a frame of 20 ms.
        var width = (nuint)(2 * TLanes.Count);
        for (nuint n = 0; n < (nuint)count; n += 5 * width)
        {
            ref var samples = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), n);
            PairSums<TLanes, T> sums0 = new(), sums1 = new(), sums2 = new(), sums3 = new(), sums4 = new();
            var s = 0;
            foreach (var stage in _stages)
            {
                for (; s < stage.End; s++)
                {
                    var (even, odd) = (TLanes.Broadcast(steps[s].Even), TLanes.Broadcast(steps[s].Odd));
                    var at = (nuint)(uint)steps[s].Offset;
                    sums0.Add(TLanes.Load(ref samples, at), even, odd);
                    sums1.Add(TLanes.Load(ref samples, at + width), even, odd);
                    sums2.Add(TLanes.Load(ref samples, at + 2 * width), even, odd);
                    sums3.Add(TLanes.Load(ref samples, at + 3 * width), even, odd);
                    sums4.Add(TLanes.Load(ref samples, at + 4 * width), even, odd);
                }
                sums0.ShiftRight(stage.Shift);
                sums1.ShiftRight(stage.Shift);
                sums2.ShiftRight(stage.Shift);
                sums3.ShiftRight(stage.Shift);
                sums4.ShiftRight(stage.Shift);
            }
            sums0.StoreClipped(ref results, n);
            sums1.StoreClipped(ref results, n + width);
            sums2.StoreClipped(ref results, n + 2 * width);
            sums3.StoreClipped(ref results, n + 3 * width);
            sums4.StoreClipped(ref results, n + 4 * width);
        }
    }
}
