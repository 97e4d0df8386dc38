using Xunit.Abstractions;

namespace VoiceGateway.Codecs.Tests;

/// <summary>What loss leaves of the words, as a recogniser hears them: packets of 20 ms, G.711, three different lines.</summary>
public sealed class WordAccuracyTests(ITestOutputHelper output)
{
    private const int Packet = 160;
    private const int Lines = 3;

    [SkippableFact]
    public async Task FivePercentLost_CostsAtMostThreePoints_AndIsBetterConcealedThanSilent()
    {
        Pocketsphinx.Require();
        var clean = Sentences.Recordings;
        var concealed = Enumerable.Range(0, Lines).SelectMany(line => clean.Select((voice, i) => LossyLine.Conceal(voice, Losses(voice, line, i), Packet, 8000)));
        var silent = Enumerable.Range(0, Lines).SelectMany(line => clean.Select((voice, i) => LossyLine.FillWithZeros(voice, Losses(voice, line, i), Packet)));

        var heard = await new Pocketsphinx(Sentences.Texts).RecogniseAsync([.. clean, .. concealed, .. silent]);
        var n = clean.Length;
        var (all, withConcealment, withSilence) = (Accuracy(heard[..n]), Accuracy(heard[n..((Lines + 1) * n)]), Accuracy(heard[((Lines + 1) * n)..]));
        output.WriteLine($"{Sentences.Words} words: clean {all:F1} %; 5 % lost: concealed {withConcealment:F1} %, silence {withSilence:F1} %");
        for (var i = 0; i < n; i++) output.WriteLine($"  {Sentences.Texts[i]}\n    {heard[i]}");

        Assert.InRange(all, 80, 100);
        Assert.InRange(withConcealment, all - 3, 100);
        Assert.InRange(withSilence, 0, withConcealment - 1);

        static bool[] Losses(short[] voice, int line, int i) => LossyLine.Random(voice.Length / Packet + 1, 0.05, 100 * line + i);
    }

    private static double Accuracy(string[] heard) =>
        100.0 * (1 - heard.Select(static (words, i) => WordErrors.Count(Sentences.Texts[i % Sentences.Texts.Length], words)).Sum() / (double)(Sentences.Words * (heard.Length / Sentences.Texts.Length)));
}
