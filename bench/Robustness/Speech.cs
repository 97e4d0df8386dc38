using VoiceGateway.Caller;
using VoiceGateway.Codecs;

namespace VoiceGateway.Robustness;

/// <summary>What the callers say: three synthetic voices that talk for nine to ten seconds each.</summary>
internal static class Speech
{
    private static readonly string[] Voices = ["agent-f", "agent-m", "agent-d"];

    public static SpeechClip One { get; } = SpeechClip.FromPcm(Read(Voices[0]), 8000);

    public static SpeechClip All { get; } = SpeechClip.FromPcm([.. Voices.SelectMany(Read)], 8000);

    private static short[] Read(string voice)
    {
        using var file = typeof(Speech).Assembly.GetManifestResourceStream(voice + ".wav")!;
        return WavReader.Read(file).Samples;
    }
}
