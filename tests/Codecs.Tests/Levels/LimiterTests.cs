namespace VoiceGateway.Codecs.Tests;

public sealed class LimiterTests
{
    [Fact]
    public void BelowTheCeiling_NotOneBitChanges()
    {
        var limiter = new Limiter(8000);
        var pcm = Signal.Sine(333, -4.1, 8000, 8000).Select(static s => (float)s).ToArray();
        var before = pcm.ToArray();
        limiter.Process(pcm);
        Assert.Equal(before, pcm);
        Assert.Equal(0, limiter.ReductionDb);
    }

    [Fact]
    public void AnySignal_StaysBelowTheCeiling()
    {
        var random = new Random(1);
        foreach (var ceilingDb in new[] { -0.1, -1, -6 })
        {
            var limiter = new Limiter(8000, ceilingDb);
            var most = 32768 * Math.Pow(10, ceilingDb / 20);
            for (var i = 0; i < 2000; i++)
            {
                var loudness = Math.Pow(10, 6 * random.NextDouble());
                var pcm = Enumerable.Range(0, random.Next(1, 200)).Select(_ => (float)(loudness * (2 * random.NextDouble() - 1))).ToArray();
                limiter.Process(pcm);
                Assert.InRange(pcm.Max(MathF.Abs), 0, most);
            }
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(200)]
    [InlineData(1000)]
    public void SteadyTone_IsScaledAndNotBent(int frequencyHz)
    {
        var limiter = new Limiter(8000);
        var pcm = Enumerable.Range(0, 8000).Select(i => (float)(60_000 * Math.Sin(2 * Math.PI * frequencyHz * i / 8000))).ToArray();
        limiter.Process(pcm);
        var settled = pcm[800..].Select(static s => (short)MathF.Round(s)).ToArray();
        Assert.InRange(SineFit.ResidualDb(settled, frequencyHz, 8000), -200, -50);
        Assert.Equal(29204, settled.Max(), 300.0);
    }

    [Fact]
    public void AfterALoudSound_TheGainComesBackToExactlyOne()
    {
        var limiter = new Limiter(8000);
        limiter.Process([120_000]);
        Assert.Equal(20 * Math.Log10(120_000 / 29204.0), limiter.ReductionDb, 0.01);

        var quiet = Enumerable.Repeat(1000f, 8000).ToArray();
        limiter.Process(quiet);
        Assert.Equal(0, limiter.ReductionDb);
        // 20 ms held, then 12.3 dB at 0.1 dB a millisecond.
        Assert.All(quiet[..160], static s => Assert.InRange(s, 243, 244));
        Assert.InRange(Array.IndexOf(quiet, 1000f), 8 * (20 + 121), 8 * (20 + 125));
    }
}
