using VoiceGateway.Codecs;

namespace VoiceGateway.Caller;

/// <summary>Both directions of a call, equally long, 8 kHz mono each; sample 0 is the moment of the answer.</summary>
public sealed record CallRecording(short[] Said, short[] Heard)
{
    public const int SampleRateHz = AudioFrame.SampleRateHz;

    /// <summary>What was heard in G.722, at 16 kHz; empty otherwise.</summary>
    public short[] HeardWide { get; init; } = [];

    public static CallRecording Empty { get; } = new([], []);

    public void WriteHeard(string path) => Write(path, Heard, 1);

    /// <summary>Left: what the caller said. Right: what the caller heard.</summary>
    public void WriteStereo(string path)
    {
        var interleaved = new short[Said.Length * 2];
        for (var i = 0; i < Said.Length; i++)
        {
            interleaved[2 * i] = Said[i];
            interleaved[2 * i + 1] = Heard[i];
        }
        Write(path, interleaved, 2);
    }

    private static void Write(string path, short[] samples, int channels)
    {
        using var file = File.Create(path);
        using var wav = new WavWriter(file, SampleRateHz, channels);
        wav.Write(samples);
    }
}
