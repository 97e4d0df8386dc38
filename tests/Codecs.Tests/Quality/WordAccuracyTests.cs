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
        InstalledPeer.Require(Pocketsphinx.Missing);
        var clean = Sentences.Recordings;
        var concealed = Enumerable.Range(0, Lines).SelectMany(line => clean.Select((voice, i) => LossyLine.Conceal(voice, Losses(voice, line, i), Packet, 8000)));
        var silent = Enumerable.Range(0, Lines).SelectMany(line => clean.Select((voice, i) => LossyLine.FillWithZeros(voice, Losses(voice, line, i), Packet)));

        var heard = await new Pocketsphinx(Sentences.Texts).RecogniseAsync([.. clean.Concat(concealed).Concat(silent).Select(Sentences.Widened)]);
        var n = clean.Length;
        var (all, withConcealment, withSilence) = (Sentences.Accuracy(heard[..n]), Sentences.Accuracy(heard[n..((Lines + 1) * n)]), Sentences.Accuracy(heard[((Lines + 1) * n)..]));
        output.WriteLine($"{Sentences.Words} words: clean {all:F1} %; 5 % lost: concealed {withConcealment:F1} %, silence {withSilence:F1} %");
        for (var i = 0; i < n; i++) output.WriteLine($"  {Sentences.Texts[i]}\n    {heard[i]}");

        Assert.InRange(all, 80, 100);
        Assert.InRange(withConcealment, all - 3, 100);
        Assert.InRange(withSilence, 0, withConcealment - 1);

        static bool[] Losses(short[] voice, int line, int i) => LossyLine.Random(voice.Length / Packet + 1, 0.05, 100 * line + i);
    }
}
