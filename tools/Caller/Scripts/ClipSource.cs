namespace VoiceGateway.Caller;

/// <summary>Loads each WAV file of a script once.</summary>
internal sealed class ClipSource(string folder)
{
    private readonly Dictionary<string, SpeechClip> _clips = [];

    public SpeechClip Load(ScriptValue file)
    {
        var path = Path.GetFullPath(file.String(), folder);
        if (_clips.TryGetValue(path, out var clip)) return clip;
        return SpeechClip.TryFromWav(path, out clip, out var error) ? _clips[path] = clip : throw new ScriptFormatException(file.Where, error);
    }
}
