using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// The pitch period of a voice: the lag at which its last 10 ms are most like what came before (as in ITU-T G.711 Appendix I: 66 to 200 Hz;
/// of a higher voice two or three periods). Coarse at 4 kHz, then fine around what was found. Of a noise it is the lag that fits least badly.
/// </summary>
internal static class PitchSearch
{
    public const int ShortestMs = 5;
    public const int LongestMs = 15;

    private const int WindowMs = 10;
    private const int CoarsePerMs = 4;
    private const int CoarseLength = (WindowMs + LongestMs) * CoarsePerMs;

    /// <param name="samples">At least 25 ms.</param>
    /// <param name="samplesPerMs">A multiple of 4.</param>
    /// <returns>In samples.</returns>
    [SkipLocalsInit]
    public static int Find(ReadOnlySpan<float> samples, int samplesPerMs)
    {
        var factor = samplesPerMs / CoarsePerMs;
        Span<float> coarse = stackalloc float[CoarseLength];
        Decimate(samples[^(CoarseLength * factor)..], factor, coarse);
        var lag = Best(coarse, WindowMs * CoarsePerMs, ShortestMs * CoarsePerMs, LongestMs * CoarsePerMs);
        return Best(
            samples,
            WindowMs * samplesPerMs,
            Math.Max(ShortestMs * samplesPerMs, (lag - 1) * factor),
            Math.Min(LongestMs * samplesPerMs, (lag + 1) * factor));
    }

    private static int Best(ReadOnlySpan<float> samples, int window, int shortest, int longest)
    {
        var now = samples[^window..];
        var (best, bestLag) = (0f, longest);
        for (var lag = shortest; lag <= longest; lag++)
        {
            var earlier = samples.Slice(samples.Length - window - lag, window);
            var product = VectorMath.Dot(now, earlier);
            if (product <= 0) continue;
            // One unit of a 16-bit sample a sample: silence is like nothing.
            var likeness = product / MathF.Sqrt(VectorMath.Dot(earlier, earlier) + window);
            if (likeness > best) (best, bestLag) = (likeness, lag);
        }
        return bestLag;
    }

    private static void Decimate(ReadOnlySpan<float> samples, int factor, Span<float> coarse)
    {
        for (var i = 0; i < coarse.Length; i++)
        {
            var sum = 0f;
            foreach (var sample in samples.Slice(i * factor, factor)) sum += sample;
            coarse[i] = sum;
        }
    }
}
