using VoiceGateway.Codecs;

namespace VoiceGateway.LiveSimulator.Tests.Speech;

public sealed class VoiceTests
{
    [Fact]
    public void AgentLines_EachOne_Is24kHzMonoAndAudible()
    {
        Assert.NotEmpty(VoiceLibrary.Lines);
        foreach (var wav in VoiceLibrary.Lines.Select(static line => line.Read()))
        {
            Assert.Equal((24000, 1), (wav.SampleRateHz, wav.Channels));
            Assert.InRange(wav.Samples.Max(), 10_000, short.MaxValue - 1);
        }
    }

    /// <summary>A pause inside a line that is as long as the end of a turn would cut the caller's turn in two.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void CallerLines_EachOne_IsOneTurn(int line)
    {
        var wav = CallerVoice.Lines[line].Read();
        Assert.Equal((8000, 1), (wav.SampleRateHz, wav.Channels));
        var detector = new VoiceActivityDetector(16000, new VoiceActivityOptions { OnsetMs = 60, HangoverMs = 400 });
        var (starts, ends) = (0, 0);
        foreach (var frame in TestClient.CallerSpeech(line).Concat(new short[16000]).Chunk(160))
        {
            var activity = detector.Process(frame);
            starts += activity == VoiceActivity.SpeechStarted ? 1 : 0;
            ends += activity == VoiceActivity.SpeechEnded ? 1 : 0;
        }

        Assert.Equal((1, 1), (starts, ends));
    }

    [Fact]
    public void CallerLines_FitTheDefaultScenario() =>
        Assert.Equal(Scenario.BuiltIn(Scenario.DefaultName).CallerLines, CallerVoice.Lines.Select(static line => line.Text));

    [Fact]
    public void Tone_Generated_IsThatFrequencyAndLevel()
    {
        var pcm = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(Tone.Generate(1000, TimeSpan.FromSeconds(1), -15).Pcm.Span);

        Assert.Equal(24000, pcm.Length);
        Assert.InRange(Goertzel.LevelDbov(pcm[2400..4800], 1000, 24000), -15.2, -14.8);
        Assert.True(Goertzel.LevelDbov(pcm[2400..4800], 1500, 24000) < -60);
    }

    [Fact]
    public void Murmur_OfAText_IsSpeechToADetectorAndAsLongAsTheText()
    {
        var audio = Murmur.Generate("These words have not been recorded by anybody.");
        var detector = new VoiceActivityDetector(24000);
        var heard = false;
        foreach (var frame in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(audio.Pcm.Span).ToArray().Chunk(240))
            heard |= detector.Process(frame) == VoiceActivity.SpeechStarted;

        Assert.True(heard);
        Assert.InRange(audio.Duration.TotalSeconds, 2.5, 4);
    }
}
