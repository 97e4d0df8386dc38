namespace VoiceGateway.Codecs.Tests;

/// <summary>What tests/testdata/sentences holds: texts, and the recordings of them at 8 kHz.</summary>
internal static class Sentences
{
    public static readonly string[] Texts = File.ReadAllLines(TestData.PathOf("sentences", "sentences.txt"));

    public static readonly short[][] Recordings = [.. Texts.Select(static (_, i) => WavReader.Read(TestData.PathOf("sentences", $"{i + 1:D2}.wav")).Samples)];

    /// <summary>The same as a gateway hands them to the model: at 16 kHz.</summary>
    public static readonly short[][] Wide = [.. Recordings.Select(Widened)];

    public static int Words { get; } = Texts.Sum(static text => WordErrors.Words(text).Length);

    public static short[] Widened(short[] pcm)
    {
        var wide = new short[2 * pcm.Length];
        return wide[..Resampler.From8To16kHz().Process(pcm, wide)];
    }

    /// <summary>Share of the words that were heard, in percent.</summary>
    /// <param name="heard">Of each sentence in order, once or several times over.</param>
    public static double Accuracy(IReadOnlyList<string> heard) =>
        100 * (1 - heard.Select(static (words, i) => WordErrors.Count(Texts[i % Texts.Length], words)).Sum() / ((double)Words * heard.Count / Texts.Length));
}
