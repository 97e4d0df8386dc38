namespace VoiceGateway.Codecs.Tests;

/// <summary>
/// Measures one frequency with a Blackman-Harris window (side lobes 92 dB down), independent of the Goertzel under test:
/// a strong tone elsewhere must not leak into what is measured.
/// </summary>
internal static class SineFit
{
    public static double LevelDbov(ReadOnlySpan<short> pcm, double frequencyHz, int sampleRateHz)
    {
        var (re, im, gain) = (0.0, 0.0, 0.0);
        for (var i = 0; i < pcm.Length; i++)
        {
            var u = 2 * Math.PI * (i + 0.5) / pcm.Length;
            var w = 0.35875 - 0.48829 * Math.Cos(u) + 0.14128 * Math.Cos(2 * u) - 0.01168 * Math.Cos(3 * u);
            var angle = 2 * Math.PI * frequencyHz * i / sampleRateHz;
            re += w * pcm[i] * Math.Cos(angle);
            im += w * pcm[i] * Math.Sin(angle);
            gain += w;
        }
        return 10 * Math.Log10(2 * (re * re + im * im) / (gain * gain) / (32768.0 * 32768.0) + 1e-20);
    }

    /// <summary>What is left after the best fitting sine is taken out, over the sine. The block must hold whole periods.</summary>
    public static double ResidualDb(ReadOnlySpan<short> pcm, double frequencyHz, int sampleRateHz)
    {
        var (s, c) = (0.0, 0.0);
        for (var i = 0; i < pcm.Length; i++)
        {
            var angle = 2 * Math.PI * frequencyHz * i / sampleRateHz;
            s += pcm[i] * Math.Sin(angle);
            c += pcm[i] * Math.Cos(angle);
        }
        (s, c) = (2 * s / pcm.Length, 2 * c / pcm.Length);
        var (signal, rest) = (0.0, 0.0);
        for (var i = 0; i < pcm.Length; i++)
        {
            var angle = 2 * Math.PI * frequencyHz * i / sampleRateHz;
            var fit = s * Math.Sin(angle) + c * Math.Cos(angle);
            signal += fit * fit;
            rest += (pcm[i] - fit) * (pcm[i] - fit);
        }
        return 10 * Math.Log10(rest / signal);
    }
}
