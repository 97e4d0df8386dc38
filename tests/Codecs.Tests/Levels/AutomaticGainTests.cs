namespace VoiceGateway.Codecs.Tests;

public sealed class AutomaticGainTests
{
    private const int Second = 8000;

    private static readonly short[] Voice = Signal.Concat(DuplexLine.Voice("agent-f"), DuplexLine.Voice("agent-m"), DuplexLine.Voice("agent-d"));

    [Theory]
    [InlineData(-36)]
    [InlineData(-32)]
    [InlineData(-26)]
    [InlineData(-18)]
    [InlineData(-15)]
    public void Speech_OfAnyLevel_IsBroughtToTheTarget(double levelDbov)
    {
        var speech = At(levelDbov);
        var gain = new AutomaticGain(8000);
        var after = Run(gain, speech);
        Assert.Equal(-26, SpeechLevelDbov(after[(15 * Second)..]), 2.0);
        Assert.Equal(-26 - levelDbov, gain.GainDb, 2.5);
    }

    [Theory]
    [InlineData(-48, 12)]
    [InlineData(-8, -12)]
    public void Gain_IsNeverMoreThanTwelveDecibels(double levelDbov, double gainDb)
    {
        var gain = new AutomaticGain(8000);
        Run(gain, At(levelDbov));
        Assert.Equal(gainDb, gain.GainDb, 0.01);
    }

    [Fact]
    public void NoiseAndSilence_ChangeNothing()
    {
        var gain = new AutomaticGain(8000);
        Run(gain, Signal.Concat(Signal.WhiteNoise(-45, 10 * Second), Signal.Silence(5 * Second), Signal.Rumble(-30, 10 * Second), Signal.Sine(50, -30, 8000, 5 * Second)));
        Assert.Equal(0, gain.GainDb);
        Assert.Null(gain.SpeechLevelDbov);
    }

    [Fact]
    public void Pause_HoldsTheGain()
    {
        var gain = new AutomaticGain(8000);
        Run(gain, At(-36));
        var held = gain.GainDb;
        Run(gain, Signal.WhiteNoise(-60, 20 * Second));
        Assert.Equal(held, gain.GainDb, 0.1);
    }

    [Fact]
    public void Gain_MovesSlowly()
    {
        var gain = new AutomaticGain(8000);
        var speech = At(-44);
        var before = 0.0;
        for (var at = 0; at + Second <= speech.Length; at += Second)
        {
            Run(gain, speech[at..(at + Second)]);
            Assert.InRange(gain.GainDb - before, -6.01, 3.01);
            before = gain.GainDb;
        }
        Assert.InRange(before, 11, 12);
    }

    [Fact]
    public void GoOnFrom_OneOfAnotherRate_KeepsTheGainAndTheLevel()
    {
        var before = new AutomaticGain(8000);
        Run(before, At(-36));
        var gain = new AutomaticGain(16000);
        gain.GoOnFrom(before);
        Assert.Equal((before.GainDb, before.SpeechLevelDbov), (gain.GainDb, gain.SpeechLevelDbov));
        var quiet = Enumerable.Repeat(100f, 160).ToArray();
        gain.Process(quiet);
        Assert.All(quiet, sample => Assert.Equal(100 * Math.Pow(10, before.GainDb / 20), sample, 0.1));
    }

    private static short[] Run(AutomaticGain gain, short[] pcm)
    {
        var samples = pcm.Select(static s => (float)s).ToArray();
        gain.Process(samples);
        return [.. samples.Select(static s => (short)Math.Clamp(s, short.MinValue, short.MaxValue))];
    }

    private static short[] At(double levelDbov)
    {
        var factor = Math.Pow(10, (levelDbov - SpeechLevelDbov(Voice)) / 20);
        return [.. Voice.Select(s => (short)Math.Clamp(s * factor, short.MinValue, short.MaxValue))];
    }

    // Pauses left out, much as ITU-T P.56 does: the mean power of the blocks of 10 ms within 25 dB of the loudest.
    private static double SpeechLevelDbov(short[] pcm)
    {
        var powers = pcm.Chunk(80).Select(static block => block.Average(static s => (double)s * s)).ToArray();
        var loudest = powers.Max();
        return 10 * Math.Log10(powers.Where(p => p > loudest / 316).Average() / (32768.0 * 32768));
    }
}
