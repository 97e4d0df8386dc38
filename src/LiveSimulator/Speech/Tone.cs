namespace VoiceGateway.LiveSimulator;

/// <summary>A pure sine, which a test finds again by its spectrum after any codec.</summary>
internal static class Tone
{
    private const int EdgeSamples = SpokenAudio.SampleRateHz / 200;

    /// <summary>A sine at <paramref name="levelDbov"/>; a full-scale one is at -3 (ITU-T G.100.1).</summary>
    public static SpokenAudio Generate(double frequencyHz, TimeSpan duration, double levelDbov = -15)
    {
        var samples = new short[(int)(duration.TotalSeconds * SpokenAudio.SampleRateHz)];
        var peak = 32767 * Math.Pow(10, Math.Min(levelDbov + 3, 0) / 20);
        for (var i = 0; i < samples.Length; i++)
        {
            // 5 ms of rise and fall: a hard edge would click and smear the spectrum.
            var edge = Math.Min(1.0, Math.Min(i + 1, samples.Length - i) / (double)EdgeSamples);
            samples[i] = (short)(peak * edge * Math.Sin(2 * Math.PI * frequencyHz * i / SpokenAudio.SampleRateHz));
        }

        return new SpokenAudio(samples);
    }
}
