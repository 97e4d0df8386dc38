using System.Collections.Concurrent;
using VoiceGateway.Abstractions;
using VoiceGateway.Codecs;
using VoiceGateway.Routing;

namespace VoiceGateway.Calls;

/// <summary>The recorded words for a caller whose agent cannot be reached: 24 kHz mono, like the model's voice.</summary>
internal static class Apology
{
    private const string BuiltIn = "apology.wav";
    private static readonly ConcurrentDictionary<string, short[]> Loaded = new();

    /// <exception cref="ConfigurationException">Not a mono WAV at 24 kHz, or not there; the key names the agent's file.</exception>
    public static short[] For(AgentProfile agent)
    {
        try
        {
            return Loaded.GetOrAdd(agent.Apology ?? "", Read);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{agent.File}:apology", $"cannot be played: {e.Message}", e);
        }
    }

    private static short[] Read(string path)
    {
        using var stream = path.Length > 0
            ? File.OpenRead(path)
            : typeof(Apology).Assembly.GetManifestResourceStream(BuiltIn) ?? throw new InvalidDataException($"{BuiltIn} is not embedded");
        var wav = WavReader.Read(stream);
        return wav is { Channels: 1, SampleRateHz: 24000 } ? wav.Samples : throw new InvalidDataException($"{path} must be mono at 24000 Hz");
    }
}
