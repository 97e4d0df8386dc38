namespace VoiceGateway.Turns;

/// <summary>
/// Tells the caller's words from a cough: speech is a sound of some length, or one that the model transcribed. The transcript
/// may come while the sound lasts or after it.
/// </summary>
internal sealed class CallerSpeech(int minSpeechMs, TimeProvider time)
{
    private bool _speaking;
    private bool _unsure;

    public long StartedAt { get; private set; }

    public long StoppedAt { get; private set; }

    /// <summary>The model transcribed something since <see cref="StartedAt"/>.</summary>
    public bool IsTranscribed { get; private set; }

    public void Started(long at)
    {
        _speaking = true;
        _unsure = false;
        StartedAt = at;
        IsTranscribed = false;
    }

    /// <returns>True when it was speech.</returns>
    public bool Stopped(long at)
    {
        if (!_speaking) return false;
        _speaking = false;
        StoppedAt = at;
        var speech = IsTranscribed || time.GetElapsedTime(StartedAt, at).TotalMilliseconds >= minSpeechMs;
        _unsure = !speech;
        return speech;
    }

    /// <returns>True when what was taken for a cough is now known to have been speech.</returns>
    public bool Transcribed()
    {
        IsTranscribed = true;
        var late = _unsure;
        _unsure = false;
        return late;
    }
}
