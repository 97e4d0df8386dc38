namespace VoiceGateway.Caller;

/// <summary>What the caller is saying now: one clip at a time, taken in frames on the clock thread; silence otherwise.</summary>
internal sealed class Mouth
{
    private SpeechClip? _clip;
    private int _position;

    public bool IsSpeaking => _clip is not null;

    /// <param name="clip">What is said from now on; what was being said is dropped.</param>
    /// <param name="fromVoice">Leaves out the clip's leading silence: the voice itself begins now.</param>
    public void Say(SpeechClip clip, bool fromVoice)
    {
        _clip = clip;
        _position = fromVoice ? clip.VoiceStart : 0;
    }

    /// <summary>Fills one frame, and says whether the voice began or ended in it.</summary>
    /// <param name="frame">At 8 kHz.</param>
    /// <param name="wide">The same at 16 kHz; empty where nobody wants it.</param>
    public MouthFrame Next(Span<short> frame, Span<short> wide = default)
    {
        wide.Clear();
        if (_clip is not { } clip)
        {
            frame.Clear();
            return MouthFrame.Silence;
        }
        if (!wide.IsEmpty) clip.Wide.Slice(2 * _position, Math.Min(clip.Wide.Length - 2 * _position, wide.Length)).CopyTo(wide);
        var rest = clip.Samples[_position..];
        var count = Math.Min(rest.Length, frame.Length);
        rest[..count].CopyTo(frame);
        frame[count..].Clear();
        var from = _position;
        _position += count;
        if (_position >= clip.Samples.Length) _clip = null;
        return new MouthFrame(
            Begins: clip.VoiceStart >= from && clip.VoiceStart < from + count,
            Ends: clip.VoiceEnd > from && clip.VoiceEnd <= from + count,
            IsLast: _clip is null);
    }
}
