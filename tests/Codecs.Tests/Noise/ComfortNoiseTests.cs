namespace VoiceGateway.Codecs.Tests;

public sealed class ComfortNoiseTests
{
    private readonly ComfortNoise _noise = new();

    [Theory]
    [InlineData(30)]
    [InlineData(45)]
    [InlineData(60)]
    public void Fill_LevelAlone_IsWhiteNoiseOfThatLevel(int level)
    {
        _noise.Update([(byte)level]);
        var pcm = Generate(16_000);

        Assert.Equal(-level, _noise.LevelDbov);
        Assert.InRange(LevelDbov(pcm), -level - 1, -level + 1);
        Assert.InRange(Correlation(pcm), -0.05, 0.05);
    }

    // Section 3.2: N = 127 is no coefficient at all, below is low-pass by the sign of the first, above is high-pass.
    [Theory]
    [InlineData(127, 0)]
    [InlineData(27, 258 * 100 / 32768.0)]
    [InlineData(227, -258 * 100 / 32768.0)]
    [InlineData(255, 0)]
    public void Fill_OneCoefficient_HasItsSpectrumAndTheSameLevel(byte quantized, double correlation)
    {
        _noise.Update([40, quantized]);
        var pcm = Generate(32_000);

        Assert.InRange(LevelDbov(pcm), -41.5, -38.5);
        Assert.InRange(Correlation(pcm), correlation - 0.06, correlation + 0.06);
    }

    [Fact]
    public void Fill_AnyPayload_IsStableAndNeverLouderThanBackground()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var payload = new byte[random.Next(1, 40)];
            random.NextBytes(payload);
            _noise.Update(payload);
            Assert.InRange(LevelDbov(Generate(1600)), -200, -15);
        }
    }

    [Fact]
    public void Update_LoudestLevel_IsTakenForBackground()
    {
        _noise.Update([0]);
        Assert.Equal(-30, _noise.LevelDbov);
    }

    [Fact]
    public void Fill_BeforeAnyPayloadOrAtTheLowestLevel_IsSilence()
    {
        Assert.All(Generate(800), sample => Assert.Equal(0, sample));
        _noise.Update([]);
        _noise.Update([127]);
        Assert.All(Generate(800), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Fill_InPieces_EqualsTheWhole()
    {
        byte[] payload = [45, 40, 150, 127, 100];
        _noise.Update(payload);
        var whole = Generate(480);
        var other = new ComfortNoise();
        other.Update(payload);
        var pieces = new short[480];
        other.Fill(pieces.AsSpan(0, 7));
        other.Fill(pieces.AsSpan(7, 153));
        other.Fill(pieces.AsSpan(160));
        Assert.Equal(whole, pieces);
    }

    private short[] Generate(int samples)
    {
        var pcm = new short[samples];
        _noise.Fill(pcm);
        return pcm;
    }

    private static double LevelDbov(short[] pcm) => 10 * Math.Log10(pcm.Average(static s => (double)s * s) / (32124.0 * 32124) + 1e-20);

    // Of neighbours: for a first-order filter it is minus its coefficient.
    private static double Correlation(short[] pcm)
    {
        double product = 0, power = 0;
        for (var i = 1; i < pcm.Length; i++) (product, power) = (product + (double)pcm[i] * pcm[i - 1], power + (double)pcm[i] * pcm[i]);
        return power == 0 ? 0 : product / power;
    }
}
