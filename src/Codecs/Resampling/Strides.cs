using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs;

/// <summary>Takes every second or third sample to a stream of its own, and lays two streams into one.</summary>
internal static class Strides
{
    /// <summary><c>0 2 4…</c> and <c>1 3 5…</c></summary>
    public static void Split(ReadOnlySpan<short> source, Span<short> even, Span<short> odd)
    {
        var count = source.Length / 2;
        var pairs = MemoryMarshal.Cast<short, int>(source);
        var i = 0;
        for (; i <= count - Vector<short>.Count; i += Vector<short>.Count)
        {
            var (first, second) = (new Vector<int>(pairs[i..]), new Vector<int>(pairs[(i + Vector<int>.Count)..]));
            // The lower half is the first of the two samples: this is for machines that store the lower byte first, as .NET's all do.
            Vector.Narrow(first, second).CopyTo(even[i..]);
            Vector.Narrow(first >> 16, second >> 16).CopyTo(odd[i..]);
        }
        for (; i < count; i++) (even[i], odd[i]) = (source[2 * i], source[2 * i + 1]);
        if (source.Length % 2 != 0) even[count] = source[^1];
    }

    /// <summary><c>0 3 6…</c>, <c>1 4 7…</c> and <c>2 5 8…</c></summary>
    public static void Split(ReadOnlySpan<short> source, Span<short> first, Span<short> second, Span<short> third)
    {
        var count = source.Length / 3;
        ref var pcm = ref MemoryMarshal.GetReference(source);
        ref var zeros = ref MemoryMarshal.GetReference(first[..count]);
        ref var ones = ref MemoryMarshal.GetReference(second[..count]);
        ref var twos = ref MemoryMarshal.GetReference(third[..count]);
        var third0 = Vector128.Create(-1, 0, 0, -1, 0, 0, -1, 0);
        var third1 = Vector128.Create(0, -1, 0, 0, -1, 0, 0, -1);
        nuint o = 0;
        for (; o + 8 <= (nuint)count; o += 8)
        {
            var a = Vector128.LoadUnsafe(ref pcm, 3 * o);
            var b = Vector128.LoadUnsafe(ref pcm, 3 * o + 8);
            var c = Vector128.LoadUnsafe(ref pcm, 3 * o + 16);
            // What a stream takes from the three lies at different places in each: they go into one vector first, and into order then.
            Vector128.Shuffle(Select(third0, a, third1, b, c), Vector128.Create(0, 3, 6, 1, 4, 7, 2, 5)).StoreUnsafe(ref zeros, o);
            Vector128.Shuffle(Select(third1, a, third0, c, b), Vector128.Create(1, 4, 7, 2, 5, 0, 3, 6)).StoreUnsafe(ref ones, o);
            Vector128.Shuffle(Select(third0, b, third1, c, a), Vector128.Create(2, 5, 0, 3, 6, 1, 4, 7)).StoreUnsafe(ref twos, o);
        }
        for (var i = 3 * (int)o; i < source.Length; i++)
        {
            var stream = (i % 3) switch { 0 => first, 1 => second, _ => third };
            stream[i / 3] = source[i];
        }

        static Vector128<short> Select(Vector128<short> where0, Vector128<short> x0, Vector128<short> where1, Vector128<short> x1, Vector128<short> elsewhere) =>
            Vector128.ConditionalSelect(where0, x0, Vector128.ConditionalSelect(where1, x1, elsewhere));
    }

    /// <summary>One of each, in turn.</summary>
    public static void Join(ReadOnlySpan<short> even, ReadOnlySpan<short> odd, Span<short> destination)
    {
        even = even[..odd.Length];
        var pairs = MemoryMarshal.Cast<short, uint>(destination);
        var i = 0;
        for (; i <= odd.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(Vector.AsVectorUInt16(new Vector<short>(even[i..])), out var evenLow, out var evenHigh);
            Vector.Widen(Vector.AsVectorUInt16(new Vector<short>(odd[i..])), out var oddLow, out var oddHigh);
            (evenLow | (oddLow << 16)).CopyTo(pairs[i..]);
            (evenHigh | (oddHigh << 16)).CopyTo(pairs[(i + Vector<uint>.Count)..]);
        }
        for (; i < odd.Length; i++) (destination[2 * i], destination[2 * i + 1]) = (even[i], odd[i]);
    }
}
