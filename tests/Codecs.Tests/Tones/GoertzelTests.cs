namespace VoiceGateway.Codecs.Tests;

public class GoertzelTests
{
    [Theory]
    [InlineData(440, 8000)]
    [InlineData(697, 8000)]
    [InlineData(1000, 16000)]
    [InlineData(3400, 24000)]
    public void LevelDbov_OfASine_IsItsLevel(double frequencyHz, int sampleRateHz)
    {
        foreach (var level in new[] { -3.02, -10, -40 })
            Assert.Equal(level, Goertzel.LevelDbov(Signal.Sine(frequencyHz, level, sampleRateHz, sampleRateHz / 2), frequencyHz, sampleRateHz), 0.1);
    }

    [Fact]
    public void LevelDbov_OfAnotherTone_IsFarLower()
    {
        var pcm = Signal.Sine(440, -10, 8000, 1600);
        Assert.InRange(Goertzel.LevelDbov(pcm, 1000, 8000), double.NegativeInfinity, -45);
    }

    [Fact]
    public void LevelDbov_OfTwoTones_TellsBoth()
    {
        var pcm = Signal.Add(Signal.Sine(697, -12, 8000, 4000), Signal.Sine(1209, -10, 8000, 4000));
        Assert.Equal(-12, Goertzel.LevelDbov(pcm, 697, 8000), 0.2);
        Assert.Equal(-10, Goertzel.LevelDbov(pcm, 1209, 8000), 0.2);
    }

    [Fact]
    public void LevelDbov_OfNothing_IsNegativeInfinity()
    {
        Assert.Equal(double.NegativeInfinity, Goertzel.LevelDbov([], 440, 8000));
        Assert.Equal(double.NegativeInfinity, Goertzel.LevelDbov(new short[160], 440, 8000));
    }

    [Theory]
    [InlineData(0, 8000)]
    [InlineData(4001, 8000)]
    [InlineData(440, 0)]
    public void LevelDbov_ImpossibleFrequency_Throws(double frequencyHz, int sampleRateHz) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Goertzel.LevelDbov(new short[160], frequencyHz, sampleRateHz));
}
