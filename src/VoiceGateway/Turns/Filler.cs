using VoiceGateway.Abstractions;
using VoiceGateway.Codecs;

namespace VoiceGateway.Turns;

/// <summary>What is heard while a tool takes its time.</summary>
/// <param name="Samples24kHz">Mono, like the model's voice.</param>
/// <param name="Repeats">A tone goes on until it is stopped; a phrase is said once.</param>
public sealed record Filler(short[] Samples24kHz, bool Repeats)
{
    /// <summary>The built-in tone.</summary>
    public const string Tone = "tone";

    private const string BuiltIn = "filler.wav";
    private const int SampleRateHz = 24_000;

    // Long enough for a phrase, short enough for a mistaken recording of a whole call to be noticed.
    private const int MaxSeconds = 30;

    /// <param name="setting">Empty, <see cref="Tone"/>, or the path of a WAV file.</param>
    /// <param name="key">The configuration key it came from, for the complaint.</param>
    /// <returns>Null for the empty setting.</returns>
    /// <exception cref="ConfigurationException">The file is not there, or not mono at 24 kHz, or empty, or too long.</exception>
    public static Filler? Load(string setting, string key)
    {
        if (setting.Length == 0) return null;
        if (setting.Equals(Tone, StringComparison.OrdinalIgnoreCase)) return new(BuiltInTone(), Repeats: true);
        try
        {
            return new(Checked(WavReader.Read(setting), key, setting), Repeats: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ConfigurationException(key, $"the filler '{setting}' cannot be read: {e.Message}", e);
        }
    }

    private static short[] BuiltInTone()
    {
        using var stream = typeof(Filler).Assembly.GetManifestResourceStream(BuiltIn) ?? throw new InvalidOperationException($"{BuiltIn} is not embedded");
        return WavReader.Read(stream).Samples;
    }

    private static short[] Checked(WavAudio wav, string key, string path) => wav switch
    {
        { SampleRateHz: not SampleRateHz } or { Channels: not 1 } =>
            throw new ConfigurationException(key, $"the filler '{path}' has {wav.Channels} channel(s) at {wav.SampleRateHz} Hz; it must be mono at {SampleRateHz} Hz"),
        { Samples.Length: 0 } => throw new ConfigurationException(key, $"the filler '{path}' is empty"),
        { Samples.Length: > SampleRateHz * MaxSeconds } => throw new ConfigurationException(key, $"the filler '{path}' is longer than {MaxSeconds} s"),
        _ => wav.Samples,
    };
}
