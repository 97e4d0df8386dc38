namespace VoiceGateway.Codecs.Tests;

/// <summary>The measures themselves, against signals of which the answer is known.</summary>
public sealed class QualityMeasuresTests
{
    private static readonly short[] Voice = Signal.AtSpeechLevel(DuplexLine.Voice("agent-m"), -20);

    [Fact]
    public void TheSame_IsPerfect()
    {
        Assert.Equal(35, SegmentalSnr.Of(Voice, Voice, 8000));
        Assert.Equal(0, SpectralDistance.Db(Voice, Voice, 8000));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void SegmentalSnr_OfASteadyTone_IsItsSnr(double snr)
    {
        var tone = Signal.Sine(500, -20, 8000, 16_000);
        Assert.Equal(snr, SegmentalSnr.Of(tone, Signal.Add(tone, Signal.WhiteNoise(-20 - snr, 16_000)), 8000), 0.5);
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(3)]
    public void SpectralDistance_OfAnotherLevel_IsTheDifference(double db)
    {
        var tone = Signal.WhiteNoise(-30, 16_000);
        Assert.Equal(Math.Abs(db), SpectralDistance.Db(tone, [.. tone.Select(s => (short)Math.Round(s * Math.Pow(10, db / 20)))], 8000), 0.1);
    }

    [Fact]
    public void SpectralDistance_ForgivesAShift_AndNotSilence()
    {
        short[] shifted = [.. new short[8], .. Voice];
        Assert.InRange(SpectralDistance.Db(Voice, shifted, 8000), 0.1, 1.5);
        Assert.InRange(SpectralDistance.Db(Voice, new short[Voice.Length], 8000), 10, 60);
    }

    [Fact]
    public void Losses_AreAsManyAndAsLongAsAskedFor()
    {
        var random = LossyLine.Random(100_000, 0.05, 1);
        Assert.Equal(0.05, random.Count(static l => l) / 100_000.0, 0.003);
        var bursts = LossyLine.Bursts(200_000, 0.05, 3, 1);
        Assert.Equal(0.05, bursts.Count(static l => l) / 200_000.0, 0.005);
        var runs = bursts.Where((l, i) => l && !bursts[i - 1]).Count();
        Assert.Equal(3, bursts.Count(static l => l) / (double)runs, 0.2);
    }
}
