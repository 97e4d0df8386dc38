namespace VoiceGateway.Turns;

/// <summary>The model was asked to say goodbye: waits until that has been said and played, or until it takes too long.</summary>
internal sealed class Farewell(double graceSeconds)
{
    // Late audio and the caller's handset: no cut into the last word.
    private const double QuietMs = 240;

    // Spoken, but the end of the turn is not announced.
    private const double QuietWithoutEndMs = 2000;

    private bool _answered;
    private bool _spoke;
    private bool _turnComplete;
    private double _quietMs;
    private double _ageMs;

    public bool IsAsked { get; private set; }

    public void Ask() => (IsAsked, _answered, _spoke, _turnComplete, _quietMs, _ageMs) = (true, false, false, false, 0, 0);

    public void Lapse() => IsAsked = false;

    public void ModelAudio() => _answered = true;

    // What was audible when it was asked belongs to something else.
    public void TurnComplete() => _turnComplete |= _answered;

    /// <returns>True when it is over.</returns>
    public bool Tick(double elapsedMs, bool agentAudible)
    {
        _ageMs += elapsedMs;
        _quietMs = agentAudible ? 0 : _quietMs + elapsedMs;
        _spoke |= agentAudible && _answered;
        if (_spoke && _quietMs >= (_turnComplete ? QuietMs : QuietWithoutEndMs)) return true;
        // A goodbye that has begun may be finished, but not a story.
        return _ageMs >= graceSeconds * (agentAudible && _answered ? 2000 : 1000);
    }
}
