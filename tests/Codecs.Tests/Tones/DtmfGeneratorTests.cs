namespace VoiceGateway.Codecs.Tests;

public sealed class DtmfGeneratorTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void EachDigit_HasItsTwoTones_AtTheirLevels(int sampleRateHz)
    {
        foreach (var digit in DtmfLine.Digits)
        {
            var generator = new DtmfGenerator(sampleRateHz, -11, 3);
            Assert.True(generator.Start(digit, toneMs: 200));
            var pcm = new short[sampleRateHz / 5];
            Assert.Equal(pcm.Length, generator.Fill(pcm));
            Assert.True(DtmfTones.TryGetFrequencies(digit, out var low, out var high));
            var steady = pcm.AsSpan(pcm.Length / 20, pcm.Length * 9 / 10);
            Assert.Equal(-11 + DtmfTones.Dbm0InDbov, SineFit.LevelDbov(steady, low, sampleRateHz), 0.1);
            Assert.Equal(-8 + DtmfTones.Dbm0InDbov, SineFit.LevelDbov(steady, high, sampleRateHz), 0.1);
        }
    }

    [Fact]
    public void Digits_FromTheGenerator_AreHeard()
    {
        var generator = new DtmfGenerator(8000);
        var pcm = new List<short>(new short[500]);
        var frame = new short[160];
        foreach (var digit in DtmfLine.Digits + "1122")
        {
            Assert.True(generator.Start(char.ToLowerInvariant(digit), 70, 50));
            while (generator.IsActive)
            {
                generator.Fill(frame);
                pcm.AddRange(frame);
            }
        }
        Assert.Equal(DtmfLine.Digits + "1122", DtmfLine.HearAll([.. pcm]));
    }

    [Fact]
    public void Tone_RisesAndFalls_ThenThereIsAPause_ThenSilence()
    {
        var generator = new DtmfGenerator(8000);
        generator.Start('1', 50, 40);
        var pcm = new short[1000];
        Assert.Equal(720, generator.Fill(pcm));
        Assert.False(generator.IsActive);
        Assert.All(pcm[400..], static s => Assert.Equal(0, s));
        var loudest = pcm.Max(static s => Math.Abs((int)s));
        // The first and the last millisecond are below half of it.
        Assert.All(pcm[..8].Concat(pcm[392..400]), s => Assert.InRange(Math.Abs((int)s), 0, loudest / 2));
        Assert.Equal(0, generator.Fill(pcm));
        Assert.All(pcm, static s => Assert.Equal(0, s));
    }

    [Fact]
    public void Fill_InPieces_EqualsTheWhole()
    {
        var (a, b) = (new DtmfGenerator(8000), new DtmfGenerator(8000));
        a.Start('8', 100, 80);
        b.Start('8', 100, 80);
        var whole = new short[1600];
        var pieces = new short[1600];
        a.Fill(whole);
        for (var at = 0; at < 1600; at += 64) b.Fill(pieces.AsSpan(at, 64));
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Start_OfNoDigit_ChangesNothing()
    {
        var generator = new DtmfGenerator(8000);
        Assert.False(generator.Start('x'));
        Assert.False(generator.IsActive);
    }

    [Fact]
    public void TonesThatWouldClip_AreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new DtmfGenerator(8000, 0, 0));

    [Fact]
    public void StartAndFill_AllocateNothing()
    {
        var generator = new DtmfGenerator(8000);
        var frame = new short[160];
        Assert.Equal(0, Allocations.Of(() =>
        {
            generator.Start('4');
            generator.Fill(frame);
        }));
    }
}
