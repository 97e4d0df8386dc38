using VoiceGateway.Codecs;

namespace VoiceGateway.LiveSimulator;

/// <summary>One recorded sentence that is built in: its name, its words and its WAV file.</summary>
public sealed class RecordedLine
{
    private readonly string _resource;

    internal RecordedLine(string folder, string name, string text)
    {
        Name = name;
        Text = text;
        _resource = $"{folder}/{name}.wav";
    }

    public string Name { get; }

    public string Text { get; }

    /// <summary>The WAV file's bytes.</summary>
    public Stream Open() => BuiltInFile.Open(_resource);

    public WavAudio Read()
    {
        using var file = Open();
        return WavReader.Read(file);
    }

    internal static RecordedLine[] List(string folder)
    {
        using var file = BuiltInFile.Open($"{folder}/lines.json");
        using var list = System.Text.Json.JsonDocument.Parse(file);
        return [.. list.RootElement.EnumerateArray().Select(line =>
            new RecordedLine(folder, line.GetProperty("name").GetString()!, line.GetProperty("text").GetString()!))];
    }
}
