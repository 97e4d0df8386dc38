using VoiceGateway.Codecs;

namespace VoiceGateway.Caller.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("caller-tests-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Wav(string name, short[] samples, int sampleRateHz, int channels = 1)
    {
        using var file = System.IO.File.Create(File(name));
        using var wav = new WavWriter(file, sampleRateHz, channels);
        wav.Write(samples);
        return File(name);
    }

    public string Text(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
