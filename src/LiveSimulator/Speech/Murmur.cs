namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Stands in for words that nobody has recorded: a voice-like hum of syllables, as long as the text would take to say.
/// Nobody understands it, but it has speech's pitch, rhythm and level, so that everything behind it behaves as with speech.
/// </summary>
internal static class Murmur
{
    private const double SyllableSeconds = 0.19;
    private const double CharactersPerSecond = 15;
    private const double PitchHz = 165;
    private const int Harmonics = 16;

    public static SpokenAudio Generate(string text)
    {
        var seconds = Math.Clamp(text.Length / CharactersPerSecond, 0.6, 60);
        var samples = new short[(int)(seconds * SpokenAudio.SampleRateHz)];
        double phase = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var t = (double)i / SpokenAudio.SampleRateHz;
            // The pitch falls over the sentence and bends within each syllable.
            phase += 2 * Math.PI * PitchHz * (1.1 - (0.25 * t / seconds) + (0.05 * Math.Sin(2 * Math.PI * t / SyllableSeconds))) / SpokenAudio.SampleRateHz;
            var loudness = Math.Sin(Math.PI * (t % SyllableSeconds) / SyllableSeconds);
            samples[i] = (short)(5000 * loudness * Vowel(phase));
        }

        return new SpokenAudio(samples);
    }

    private static double Vowel(double phase)
    {
        double sum = 0;
        for (var n = 1; n <= Harmonics; n++)
            sum += Math.Sin(n * phase) * (Resonance(n * PitchHz, 600) + (0.6 * Resonance(n * PitchHz, 1200)) + (0.2 * Resonance(n * PitchHz, 2500)));
        return sum / 2;
    }

    private static double Resonance(double frequencyHz, double formantHz) => 1 / (1 + Math.Pow((frequencyHz - formantHz) / 120, 2));
}
