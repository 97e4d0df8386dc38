namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>One frequency in a stretch of sound.</summary>
internal static class ToneAnalysis
{
    /// <summary>Through a Blackman-Harris window, whose side lobes are 92 dB down: a strong tone elsewhere does not leak in.</summary>
    public static double LevelDbov(ReadOnlySpan<short> pcm, double frequencyHz, int rateHz)
    {
        var (re, im, gain) = (0.0, 0.0, 0.0);
        for (var i = 0; i < pcm.Length; i++)
        {
            var u = 2 * Math.PI * (i + 0.5) / pcm.Length;
            var w = 0.35875 - 0.48829 * Math.Cos(u) + 0.14128 * Math.Cos(2 * u) - 0.01168 * Math.Cos(3 * u);
            var (sin, cos) = Math.SinCos(2 * Math.PI * frequencyHz * i / rateHz);
            re += w * pcm[i] * cos;
            im += w * pcm[i] * sin;
            gain += w;
        }
        return 10 * Math.Log10(2 * (re * re + im * im) / (gain * gain) / (32768.0 * 32768.0) + 1e-20);
    }

    /// <summary>The best fitting sine against what is left without it; the stretch holds whole periods.</summary>
    public static double SignalToRestDb(ReadOnlySpan<short> pcm, double frequencyHz, int rateHz)
    {
        var (s, c) = (0.0, 0.0);
        for (var i = 0; i < pcm.Length; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * frequencyHz * i / rateHz);
            s += pcm[i] * sin;
            c += pcm[i] * cos;
        }
        (s, c) = (2 * s / pcm.Length, 2 * c / pcm.Length);
        var (signal, rest) = (0.0, 0.0);
        for (var i = 0; i < pcm.Length; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * frequencyHz * i / rateHz);
            var fit = s * sin + c * cos;
            signal += fit * fit;
            rest += (pcm[i] - fit) * (pcm[i] - fit);
        }
        return 10 * Math.Log10(signal / rest);
    }
}
