namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>Noise with the loudness of speech: every input differs, so that no table or branch is flattered.</summary>
internal static class Speech
{
    public static short[] Noise(int samples, double deviation = 1500)
    {
        var random = new Random(1);
        var pcm = new short[samples];
        for (var i = 0; i < samples; i++)
        {
            var gaussian = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            pcm[i] = (short)Math.Clamp(deviation * gaussian, short.MinValue, short.MaxValue);
        }
        return pcm;
    }
}
