using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>Every other sample here, the rest there, and back again: two samples of 16 bits are one number of 32.</summary>
internal static class SamplePairs
{
    /// <param name="pcm">Whole pairs.</param>
    /// <param name="first">Half as many: each pair's first.</param>
    /// <param name="second">Each pair's second.</param>
    public static void Part(ReadOnlySpan<short> pcm, Span<int> first, Span<int> second)
    {
        var pairs = MemoryMarshal.Cast<short, int>(pcm);
        var i = 0;
        for (; i <= pairs.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            var pair = new Vector<int>(pairs[i..]);
            ((pair << 16) >> 16).CopyTo(first[i..]);
            (pair >> 16).CopyTo(second[i..]);
        }
        for (; i < pairs.Length; i++)
            (first[i], second[i]) = (pcm[2 * i], pcm[2 * i + 1]);
    }

    /// <summary>What does not fit 16 bits is limited.</summary>
    /// <inheritdoc cref="Part"/>
    public static void Join(ReadOnlySpan<int> first, ReadOnlySpan<int> second, Span<short> pcm)
    {
        var (least, most) = (new Vector<int>(short.MinValue), new Vector<int>(short.MaxValue));
        var pairs = MemoryMarshal.Cast<short, int>(pcm);
        var i = 0;
        for (; i <= pairs.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            var low = Vector.Min(Vector.Max(new Vector<int>(first[i..]), least), most) & new Vector<int>(0xFFFF);
            var high = Vector.Min(Vector.Max(new Vector<int>(second[i..]), least), most) << 16;
            (low | high).CopyTo(pairs[i..]);
        }
        for (; i < pairs.Length; i++)
            (pcm[2 * i], pcm[2 * i + 1]) =
                ((short)Math.Clamp(first[i], short.MinValue, short.MaxValue), (short)Math.Clamp(second[i], short.MinValue, short.MaxValue));
    }
}
