using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>Back from float to 16 bits: to the nearest, never wrapped.</summary>
internal static class Rounding
{
    /// <summary>Both spans have the same length.</summary>
    public static void ToInt16(ReadOnlySpan<float> source, Span<short> destination)
    {
        var (least, most) = (new Vector<float>(short.MinValue), new Vector<float>(short.MaxValue));
        var i = 0;
        for (; i <= source.Length - Vector<short>.Count; i += Vector<short>.Count)
            Vector.Narrow(Nearest(new Vector<float>(source[i..])), Nearest(new Vector<float>(source[(i + Vector<float>.Count)..]))).CopyTo(destination[i..]);
        for (; i < source.Length; i++)
            destination[i] = ToInt16(source[i]);

        Vector<int> Nearest(Vector<float> x) => Vector.ConvertToInt32(Vector.Round(Vector.Min(Vector.Max(x, least), most)));
    }

    public static short ToInt16(float x) => (short)MathF.Round(Math.Clamp(x, short.MinValue, short.MaxValue));
}
