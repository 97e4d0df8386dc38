namespace VoiceGateway.Codecs.Tests;

public sealed class HighPassTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void Hum_IsTakenOut_AndTheVoiceIsNot(int sampleRateHz)
    {
        foreach (var hz in new[] { 50.0, 60 }) Assert.InRange(GainDb(hz, sampleRateHz), -60, -30);
        for (var hz = 200.0; hz < sampleRateHz * 0.45; hz *= 1.1) Assert.InRange(GainDb(hz, sampleRateHz), -0.5, 0.05);
    }

    [Fact]
    public void DirectCurrent_IsTakenOut()
    {
        var pcm = Enumerable.Repeat(5000f, 8000).ToArray();
        new HighPass(8000).Process(pcm);
        Assert.All(pcm[1600..], static s => Assert.InRange(s, -0.01f, 0.01f));
    }

    [Fact]
    public void SilenceAfterSound_BecomesZero()
    {
        var filter = new HighPass(8000);
        filter.Process(Signal.WhiteNoise(-20, 800).Select(static s => (float)s).ToArray());
        var silence = new float[80];
        for (var i = 0; i < 200; i++)
        {
            Array.Clear(silence);
            filter.Process(silence);
        }
        Assert.All(silence, static s => Assert.Equal(0, s));
    }

    private static double GainDb(double frequencyHz, int sampleRateHz)
    {
        var pcm = Signal.Sine(frequencyHz, -9, sampleRateHz, 2 * sampleRateHz);
        var filtered = pcm.Select(static s => (float)s).ToArray();
        new HighPass(sampleRateHz).Process(filtered);
        return SineFit.LevelDbov([.. filtered.Skip(sampleRateHz).Select(static s => (short)MathF.Round(s))], frequencyHz, sampleRateHz)
            - SineFit.LevelDbov(pcm.AsSpan(sampleRateHz), frequencyHz, sampleRateHz);
    }
}
