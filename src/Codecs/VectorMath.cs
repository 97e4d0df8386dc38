using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>The loops that resampling, voice activity and echo share.</summary>
internal static class VectorMath
{
    public static void ToSingle(ReadOnlySpan<short> source, Span<float> destination)
    {
        var i = 0;
        for (; i <= source.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(source[i..]), out var low, out var high);
            Vector.ConvertToSingle(low).CopyTo(destination[i..]);
            Vector.ConvertToSingle(high).CopyTo(destination[(i + Vector<float>.Count)..]);
        }
        for (; i < source.Length; i++)
            destination[i] = source[i];
    }

    public static float SumOfSquares(ReadOnlySpan<short> pcm)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= pcm.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(pcm[i..]), out var low, out var high);
            var (a, b) = (Vector.ConvertToSingle(low), Vector.ConvertToSingle(high));
            sums = Vector.MultiplyAddEstimate(a, a, Vector.MultiplyAddEstimate(b, b, sums));
        }
        var sum = Vector.Sum(sums);
        for (; i < pcm.Length; i++)
            sum += (float)pcm[i] * pcm[i];
        return sum;
    }

    public static float Max(ReadOnlySpan<float> values, float atLeast)
    {
        var most = new Vector<float>(atLeast);
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            most = Vector.Max(most, new Vector<float>(values[i..]));
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            atLeast = Math.Max(atLeast, most[lane]);
        for (; i < values.Length; i++)
            atLeast = Math.Max(atLeast, values[i]);
        return atLeast;
    }

    public static float Min(ReadOnlySpan<float> values, float atMost)
    {
        var least = new Vector<float>(atMost);
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            least = Vector.Min(least, new Vector<float>(values[i..]));
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            atMost = Math.Min(atMost, least[lane]);
        for (; i < values.Length; i++)
            atMost = Math.Min(atMost, values[i]);
        return atMost;
    }

    /// <summary>The sum of what each value is above a floor.</summary>
    public static float SumAbove(ReadOnlySpan<float> values, float floor)
    {
        var (sums, floors) = (Vector<float>.Zero, new Vector<float>(floor));
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            sums += Vector.Max(new Vector<float>(values[i..]) - floors, Vector<float>.Zero);
        var sum = Vector.Sum(sums);
        for (; i < values.Length; i++)
            sum += Math.Max(values[i] - floor, 0);
        return sum;
    }

    /// <summary>Both spans have the same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < x.Length && i < y.Length; i++)
            sums = Vector.MultiplyAddEstimate(x[i], y[i], sums);
        var sum = Vector.Sum(sums);
        for (var i = x.Length * Vector<float>.Count; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>
    /// <c>sums[k] = forgetting * sums[k] + Σ heard[n] * window[k + n]</c> for every <c>k</c>: the correlation at all delays at once.
    /// </summary>
    /// <param name="sums">A multiple of four vectors long, or of one.</param>
    /// <param name="forgetting">What is kept of the sums so far.</param>
    /// <param name="heard">A block.</param>
    /// <param name="window">At least as long as both together, less one.</param>
    public static void Correlate(Span<float> sums, float forgetting, ReadOnlySpan<float> heard, ReadOnlySpan<float> window)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var x = ref MemoryMarshal.GetReference(window);
        var kept = new Vector<float>(forgetting);
        var width = (nuint)Vector<float>.Count;
        var k = (nuint)0;
        // Four lanes at a time share each heard sample.
        for (; k + 4 * width <= (nuint)sums.Length; k += 4 * width)
        {
            var a = Vector.LoadUnsafe(ref sum, k) * kept;
            var b = Vector.LoadUnsafe(ref sum, k + width) * kept;
            var c = Vector.LoadUnsafe(ref sum, k + 2 * width) * kept;
            var d = Vector.LoadUnsafe(ref sum, k + 3 * width) * kept;
            for (var n = 0; n < heard.Length; n++)
            {
                var sample = new Vector<float>(heard[n]);
                var from = k + (nuint)n;
                a = Vector.MultiplyAddEstimate(sample, Vector.LoadUnsafe(ref x, from), a);
                b = Vector.MultiplyAddEstimate(sample, Vector.LoadUnsafe(ref x, from + width), b);
                c = Vector.MultiplyAddEstimate(sample, Vector.LoadUnsafe(ref x, from + 2 * width), c);
                d = Vector.MultiplyAddEstimate(sample, Vector.LoadUnsafe(ref x, from + 3 * width), d);
            }
            a.StoreUnsafe(ref sum, k);
            b.StoreUnsafe(ref sum, k + width);
            c.StoreUnsafe(ref sum, k + 2 * width);
            d.StoreUnsafe(ref sum, k + 3 * width);
        }
        for (; k < (nuint)sums.Length; k += width)
        {
            var a = Vector.LoadUnsafe(ref sum, k) * kept;
            for (var n = 0; n < heard.Length; n++)
                a = Vector.MultiplyAddEstimate(new Vector<float>(heard[n]), Vector.LoadUnsafe(ref x, k + (nuint)n), a);
            a.StoreUnsafe(ref sum, k);
        }
    }
}
