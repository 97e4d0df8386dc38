namespace VoiceGateway.Caller.Tests;

public class SpeechClipTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    [InlineData(24000)]
    [InlineData(44100)]
    public void FromWav_AnyUsualRate_KeepsDurationAndTone(int sampleRateHz)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Wav("tone.wav", Sine(1000, sampleRateHz, seconds: 0.5), sampleRateHz);

        var clip = SpeechClip.FromWav(path);

        Assert.InRange(clip.Duration.TotalMilliseconds, 497, 503);
        Assert.True(Pcm.Share(clip.Pcm8kHz.Span, 1000) > 0.98);
    }

    [Fact]
    public void FromPcm_SilenceAroundTheVoice_FindsWhereItBeginsAndEnds()
    {
        short[] pcm = [.. Pcm.Silence(200), .. Pcm.Tone(440, 300), .. Pcm.Silence(500)];

        var clip = SpeechClip.FromPcm(pcm, 8000);

        Assert.Equal(200 * 8, clip.VoiceStart);
        Assert.Equal(500 * 8, clip.VoiceEnd);
    }

    [Fact]
    public void FromPcm_ResampledClick_StaysAtItsTime()
    {
        var pcm = new short[24000];
        pcm.AsSpan(12000, 24).Fill(20000);

        var clip = SpeechClip.FromPcm(pcm, 24000).Pcm8kHz.ToArray();

        var peak = Array.IndexOf(clip, clip.Max());
        Assert.InRange(peak, 4000 - 4, 4000 + 12);
    }

    [Fact]
    public void FromWav_Stereo_MixesBothSides()
    {
        using var folder = new TemporaryFolder();
        var left = Sine(500, 8000, 0.5);
        var interleaved = left.SelectMany(sample => new[] { sample, (short)0 }).ToArray();
        var path = folder.Wav("stereo.wav", interleaved, 8000, channels: 2);

        var clip = SpeechClip.FromWav(path);

        Assert.Equal(left.Length, clip.Pcm8kHz.Length);
        Assert.InRange(clip.Pcm8kHz.Span[4], left[4] / 2 - 1, left[4] / 2 + 1);
    }

    [Fact]
    public void FromWav_Empty_SaysSoAndNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Wav("empty.wav", [], 8000);

        var error = Assert.Throws<InvalidDataException>(() => SpeechClip.FromWav(path));

        Assert.Contains("empty.wav", error.Message, StringComparison.Ordinal);
        Assert.Contains("no audio", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tone_Level_IsThePowerInDbov()
    {
        var clip = SpeechClip.Tone(1000, TimeSpan.FromSeconds(1), levelDbov: -20);

        var level = 10 * Math.Log10(SpeechLevel.MeanSquare(clip.Pcm8kHz.Span) / (32768.0 * 32768));
        Assert.Equal(-20, level, 0.1);
    }

    private static short[] Sine(double hz, int sampleRateHz, double seconds) =>
        [.. Enumerable.Range(0, (int)(seconds * sampleRateHz)).Select(i => (short)(8000 * Math.Sin(2 * Math.PI * hz * i / sampleRateHz)))];
}
