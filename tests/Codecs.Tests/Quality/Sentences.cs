namespace VoiceGateway.Codecs.Tests;

/// <summary>What tests/testdata/sentences holds: texts, and the recordings of them at 8 kHz.</summary>
internal static class Sentences
{
    public static readonly string[] Texts = File.ReadAllLines(TestData.PathOf("sentences", "sentences.txt"));

    public static readonly short[][] Recordings = [.. Texts.Select(static (_, i) => WavReader.Read(TestData.PathOf("sentences", $"{i + 1:D2}.wav")).Samples)];

    public static int Words { get; } = Texts.Sum(static text => WordErrors.Words(text).Length);
}
