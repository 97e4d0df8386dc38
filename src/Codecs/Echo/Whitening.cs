using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>Speech falls off with frequency; a flat spectrum makes a sharp peak of a correlation.</summary>
internal static class Whitening
{
    /// <summary>Each sample less 13/16 of the one before it, clipped to 16 bits.</summary>
    /// <param name="pcm">One longer than <paramref name="white"/>: begins with the sample before.</param>
    /// <param name="white">May be the same memory.</param>
    public static void Apply(ReadOnlySpan<short> pcm, Span<short> white)
    {
        var i = 0;
        for (; i <= white.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            var (before, now) = (new Vector<short>(pcm[i..]), new Vector<short>(pcm[(i + 1)..]));
            Vector.AddSaturate(Vector.SubtractSaturate(now, before), (before >> 3) + (before >> 4)).CopyTo(white[i..]);
        }
        for (; i < white.Length; i++)
        {
            var difference = Math.Clamp(pcm[i + 1] - pcm[i], short.MinValue, short.MaxValue);
            white[i] = (short)Math.Clamp(difference + (pcm[i] >> 3) + (pcm[i] >> 4), short.MinValue, short.MaxValue);
        }
    }
}
