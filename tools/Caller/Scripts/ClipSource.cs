namespace VoiceGateway.Caller;

/// <summary>Loads each WAV file of a script once.</summary>
internal sealed class ClipSource(string folder)
{
    private readonly Dictionary<string, SpeechClip> _clips = [];

    public SpeechClip Load(ScriptValue file)
    {
        var path = Path.GetFullPath(file.String(), folder);
        if (_clips.TryGetValue(path, out var clip)) return clip;
        try
        {
            return _clips[path] = SpeechClip.FromWav(path);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ScriptFormatException(file.Where, e.Message);
        }
    }
}
