using System.Collections.Concurrent;
using VoiceGateway.Codecs;

namespace VoiceGateway.LiveSimulator;

/// <summary>The agent's recorded lines, found by their names or by their very words, and WAV files that a scenario brings along.</summary>
internal static class VoiceLibrary
{
    private static readonly ConcurrentDictionary<string, SpokenAudio> Loaded = new(StringComparer.Ordinal);

    public static IReadOnlyList<RecordedLine> Lines { get; } = RecordedLine.List("voice");

    public static SpokenAudio? Named(string name) => Load(Lines.FirstOrDefault(line => line.Name == name));

    public static SpokenAudio? Saying(string text) => Load(Lines.FirstOrDefault(line => line.Text == text));

    /// <exception cref="InvalidDataException">Not a 24 kHz mono WAV file.</exception>
    public static SpokenAudio FromFile(string path) => FromWav(WavReader.Read(path));

    private static SpokenAudio? Load(RecordedLine? line) =>
        line is null ? null : Loaded.GetOrAdd(line.Name, static (_, recorded) => FromWav(recorded.Read()), line);

    private static SpokenAudio FromWav(WavAudio wav) =>
        wav is { SampleRateHz: SpokenAudio.SampleRateHz, Channels: 1 }
            ? new SpokenAudio(wav.Samples)
            : throw new InvalidDataException($"the voice must be 24000 Hz mono, not {wav.SampleRateHz} Hz with {wav.Channels} channel(s)");
}
