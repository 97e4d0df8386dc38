namespace VoiceGateway.Codecs.Tests;

/// <summary>Test signals, the same on every run.</summary>
internal static class Signal
{
    /// <summary>A sine whose level is given as dBov; -3 is full scale.</summary>
    public static short[] Sine(double frequencyHz, double levelDbov, int sampleRateHz, int samples, double phase = 0)
    {
        var amplitude = 32768 * Math.Sqrt(2) * Math.Pow(10, levelDbov / 20);
        var result = new short[samples];
        for (var i = 0; i < samples; i++)
            result[i] = Clip(amplitude * Math.Sin(2 * Math.PI * frequencyHz * i / sampleRateHz + phase));
        return result;
    }

    public static short[] WhiteNoise(double levelDbov, int samples, int seed = 1)
    {
        var random = new Random(seed);
        var deviation = 32768 * Math.Pow(10, levelDbov / 20);
        var result = new short[samples];
        for (var i = 0; i < samples; i++)
            result[i] = Clip(deviation * Gaussian(random));
        return result;
    }

    /// <summary>Noise through a one-pole low-pass: the rumble of a car or a fan. The level is the whole band's.</summary>
    public static short[] Rumble(double levelDbov, int samples, double pole = 0.95, int seed = 1)
    {
        var random = new Random(seed);
        var deviation = 32768 * Math.Pow(10, levelDbov / 20) * Math.Sqrt(1 - pole * pole);
        var result = new short[samples];
        var y = 0.0;
        for (var i = 0; i < samples; i++)
            result[i] = Clip(y = pole * y + deviation * Gaussian(random));
        return result;
    }

    public static short[] Silence(int samples) => new short[samples];

    public static short[] Add(params short[][] parts)
    {
        var result = new short[parts.Max(p => p.Length)];
        for (var i = 0; i < result.Length; i++)
            result[i] = Clip(parts.Sum(p => i < p.Length ? p[i] : 0.0));
        return result;
    }

    public static short[] Concat(params short[][] parts) => [.. parts.SelectMany(p => p)];

    /// <summary>Scales to a level; the level is taken over the loud parts only, as a telephone's speech level is.</summary>
    public static short[] AtSpeechLevel(short[] speech, double levelDbov)
    {
        var peak = speech.Max(s => Math.Abs((double)s));
        var active = speech.Where(s => Math.Abs((double)s) > peak / 30).ToArray();
        var scale = Math.Pow(10, (levelDbov - LevelDbov(active)) / 20);
        return [.. speech.Select(s => Clip(s * scale))];
    }

    public static double LevelDbov(ReadOnlySpan<short> pcm)
    {
        var sum = 0.0;
        foreach (var sample in pcm)
            sum += (double)sample * sample;
        return 10 * Math.Log10(sum / pcm.Length / (32768.0 * 32768.0));
    }

    private static short Clip(double value) => (short)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue);

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
