namespace VoiceGateway.Codecs.Tests;

public sealed class LevelControlTests
{
    [Fact]
    public void Defaults_ChangeNothing()
    {
        var pcm = Enumerable.Range(short.MinValue, 65536).Select(static s => (short)s).ToArray();
        var level = new LevelControl(8000);
        Assert.False(level.IsActive);
        var after = pcm.ToArray();
        level.Process(after);
        Assert.Equal(pcm, after);
        Assert.Equal("Level(as it is)", level.ToString());
    }

    [Theory]
    [InlineData(6)]
    [InlineData(-10)]
    [InlineData(20)]
    public void Gain_IsAsManyDecibels(double db)
    {
        var level = new LevelControl(8000, new LevelOptions { GainDb = db });
        var pcm = Signal.Sine(1000, -40, 8000, 8000);
        level.Process(pcm);
        Assert.Equal(-40 + db, Signal.LevelDbov(pcm), 0.05);
    }

    [Fact]
    public void TooMuchGain_IsLimitedAndStaysASine()
    {
        var level = new LevelControl(8000, new LevelOptions { GainDb = 20 });
        var pcm = Signal.Sine(500, -10, 8000, 8000);
        level.Process(pcm);
        Assert.InRange(pcm.Max(static s => Math.Abs((int)s)), 28000, 29205);
        // Clipping would leave harmonics 10 dB down.
        Assert.InRange(SineFit.ResidualDb(pcm.AsSpan(1600), 500, 8000), -200, -45);
    }

    [Fact]
    public void Everything_InChunksOfAnyLength_GivesWhatTheWholeWould()
    {
        var options = new LevelOptions { GainDb = 9, AutomaticGain = true, HighPass = true };
        var speech = Signal.Concat(DuplexLine.Voice("agent-f"), DuplexLine.Voice("agent-m"));
        var (a, b) = (speech.ToArray(), speech.ToArray());
        new LevelControl(8000, options).Process(a);
        var random = new Random(5);
        var parts = new LevelControl(8000, options);
        for (var at = 0; at < b.Length;)
        {
            var length = Math.Min(b.Length - at, random.Next(1, 500));
            parts.Process(b.AsSpan(at, length));
            at += length;
        }
        Assert.Equal(a, b);
    }

    [Fact]
    public void Denoiser_HearsTheVoiceBehindTheHighPassAndBeforeTheGain()
    {
        var level = new LevelControl(8000, new LevelOptions { GainDb = 6, HighPass = true }, new Offset(100));
        var pcm = Signal.Silence(800);
        level.Process(pcm);
        Assert.All(pcm, static sample => Assert.Equal(200, sample));
        Assert.Equal("HighPass(145) -> Offset -> Gain(+6 dB) -> Limiter(-1 dB)", level.ToString());
    }

    [Fact]
    public void Denoiser_Alone_IsLimitedAndNothingElse()
    {
        var level = new LevelControl(16000, denoiser: new Offset(40_000));
        Assert.True(level.IsActive);
        var pcm = Signal.Silence(320);
        level.Process(pcm);
        Assert.All(pcm, static sample => Assert.Equal(29204, sample));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void Process_AllocatesNothing(int sampleRateHz)
    {
        var level = new LevelControl(sampleRateHz, new LevelOptions { GainDb = 12, AutomaticGain = true, HighPass = true });
        var pcm = Signal.WhiteNoise(-10, sampleRateHz / 50);
        Assert.Equal(0, Allocations.Of(() => level.Process(pcm)));
    }

    [Theory]
    [InlineData(31, -26)]
    [InlineData(double.NaN, -26)]
    [InlineData(0, -50)]
    [InlineData(0, 0)]
    public void Options_OutOfRange_AreRefused(double gainDb, double targetDbov) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LevelControl(8000, new LevelOptions { GainDb = gainDb, TargetDbov = targetDbov }));

    private sealed class Offset(float by) : IVoiceFilter
    {
        public void Process(Span<float> pcm)
        {
            foreach (ref var sample in pcm) sample += by;
        }

        public override string ToString() => nameof(Offset);
    }
}
