namespace VoiceGateway.Caller.Tests;

internal static class Pcm
{
    public static short[] Tone(double hz, int milliseconds, double dbov = -20) =>
        SpeechClip.Tone(hz, TimeSpan.FromMilliseconds(milliseconds), dbov).Pcm8kHz.ToArray();

    public static short[] Silence(int milliseconds) => new short[milliseconds * 8];

    /// <summary>White noise of a level; the same for the same seed.</summary>
    public static short[] Noise(int milliseconds, double dbov, int seed = 1)
    {
        var random = new Random(seed);
        // Uniform noise of amplitude a has the power a²/3.
        var amplitude = Math.Sqrt(3 * SpeechLevel.MeanSquareAt(dbov));
        return [.. Enumerable.Range(0, milliseconds * 8).Select(_ => (short)((2 * random.NextDouble() - 1) * amplitude))];
    }

    /// <summary>The power of one frequency, as a share of the power of all.</summary>
    public static double Share(ReadOnlySpan<short> pcm, double hz)
    {
        double re = 0, im = 0, power = 0;
        for (var i = 0; i < pcm.Length; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * hz * i / AudioFrame.SampleRateHz);
            re += pcm[i] * cos;
            im += pcm[i] * sin;
            power += (double)pcm[i] * pcm[i];
        }
        return power == 0 ? 0 : 2 * (re * re + im * im) / pcm.Length / power;
    }
}
