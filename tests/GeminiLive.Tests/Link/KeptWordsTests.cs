using VoiceGateway.Codecs;
using VoiceGateway.Codecs.Tests;
using Xunit.Abstractions;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>What is left of the words when the model is given speech again that was kept meanwhile, as a recogniser hears them.</summary>
public sealed class KeptWordsTests(ITestOutputHelper output)
{
    // Where a recogniser is in doubt, how loud a voice is and how it lies in frames tips the scale: no one way is to decide.
    private static readonly double[] Gains = [1, 0.5, 0.25];
    private static readonly int[] Shifts = [0, 53];

    [SkippableTheory]
    [InlineData(KeptFrame.NarrowLength)]
    [InlineData(KeptFrame.WideLength)]
    public async Task Kept_CostsAtMostAPointOfTheWords(int length)
    {
        InstalledPeer.Require(Pocketsphinx.Missing);
        short[][] said = [.. Gains.SelectMany(static gain => Shifts.SelectMany(shift => Sentences.Recordings.Select(voice => Spoken(voice, gain, shift))))];
        var asTheyCame = said.Select(pcm => length == KeptFrame.NarrowLength ? OverG711(pcm) : OverG722(pcm)).ToArray();

        var heard = await new Pocketsphinx(Sentences.Texts).RecogniseAsync([.. asTheyCame, .. asTheyCame.Select(pcm => KeptFrameTests.Again(pcm, length))]);
        var (live, kept) = (Sentences.Accuracy(heard[..said.Length]), Sentences.Accuracy(heard[said.Length..]));
        output.WriteLine($"{length} bytes a frame, {said.Length / Sentences.Texts.Length * Sentences.Words} words: as they came {live:F1} %, as they were kept {kept:F1} %");

        Assert.InRange(live, 90, 100);
        Assert.InRange(kept, live - 1, 100);
    }

    // In whole frames.
    private static short[] Spoken(short[] voice, double gain, int shift)
    {
        var pcm = new short[(shift + voice.Length + 159) / 160 * 160];
        for (var i = 0; i < voice.Length; i++) pcm[shift + i] = (short)(gain * voice[i]);
        return pcm;
    }

    private static short[] OverG711(short[] pcm)
    {
        var codes = new byte[pcm.Length];
        G711.EncodeMuLaw(pcm, codes);
        var heard = new short[codes.Length];
        G711.DecodeMuLaw(codes, heard);
        return Sentences.Widened(heard);
    }

    private static short[] OverG722(short[] pcm)
    {
        var codes = new byte[pcm.Length];
        new G722Codec().Encode(Sentences.Widened(pcm), codes);
        var heard = new short[2 * codes.Length];
        new G722Codec().Decode(codes, heard);
        return heard;
    }
}
