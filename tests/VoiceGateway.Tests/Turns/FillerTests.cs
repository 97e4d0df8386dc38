using VoiceGateway.Abstractions;
using VoiceGateway.Codecs;
using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class FillerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicegateway-filler-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_Empty_IsNone() => Assert.Null(Filler.Load("", "Turns:Filler"));

    /// <summary>Soft, mostly quiet, and quiet at its ends, so that it can be repeated and stopped.</summary>
    [Fact]
    public void Load_Tone_IsASoftSoundThatRepeats()
    {
        var tone = Filler.Load("tone", "Turns:Filler")!;
        Assert.True(tone.Repeats);
        Assert.Equal(2 * 24_000, tone.Samples24kHz.Length);
        Assert.InRange(tone.Samples24kHz.Max(static s => Math.Abs((int)s)), 1000, 5000);
        Assert.InRange(Math.Abs((int)tone.Samples24kHz[0]), 0, 50);
        Assert.All(tone.Samples24kHz[^24_000..], static s => Assert.Equal(0, s));
    }

    [Fact]
    public void Load_Phrase_IsSaidOnce()
    {
        var filler = Filler.Load(Wav("phrase.wav", 24_000, 2400), "Turns:Filler")!;
        Assert.False(filler.Repeats);
        Assert.Equal(2400, filler.Samples24kHz.Length);
    }

    [Theory]
    [InlineData(8000, 100, "8000 Hz")]
    [InlineData(24_000, 0, "empty")]
    [InlineData(24_000, 24_000 * 31, "longer than 30 s")]
    public void Load_UnfitFile_SaysWhy(int rate, int samples, string why)
    {
        var error = Assert.Throws<ConfigurationException>(() => Filler.Load(Wav("unfit.wav", rate, samples), "agents/x.json:filler"));
        Assert.Equal("agents/x.json:filler", error.Key);
        Assert.Contains(why, error.Message);
        Assert.Contains("unfit.wav", error.Message);
    }

    [Theory]
    [InlineData("nowhere.wav")]
    [InlineData("")]
    public void Load_NoFile_NamesTheKeyAndThePath(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        var error = Assert.Throws<ConfigurationException>(() => Filler.Load(path, "Turns:Filler"));
        Assert.StartsWith("Turns:Filler: the filler", error.Message);
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Load_NoWav_NamesTheKey()
    {
        var path = Path.Combine(_folder.FullName, "text.wav");
        File.WriteAllText(path, "this is no sound");
        Assert.Equal("Turns:Filler", Assert.Throws<ConfigurationException>(() => Filler.Load(path, "Turns:Filler")).Key);
    }

    private string Wav(string name, int rate, int samples)
    {
        var path = Path.Combine(_folder.FullName, name);
        using var writer = new WavWriter(File.Create(path), rate, 1);
        writer.Write(new short[samples]);
        return path;
    }
}
