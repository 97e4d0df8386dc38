namespace VoiceGateway.Turns;

/// <summary>
/// The caller says nothing, and neither does anybody else: somebody put the phone down beside them, or the line is dead in one
/// direction. They are asked a few times, then told goodbye.
/// <code>
///   IdleSeconds of quiet ─▶ IdlePrompt ─▶ … (IdlePrompts times) ─▶ IdleGoodbyeSeconds ─▶ IdleGoodbye ─▶ said and played ─▶ EndIdle
///                     a word or a key of the caller: back to the start, from everywhere
/// </code>
/// </summary>
internal sealed class IdleCaller(TurnOptions options, Floor floor)
{
    private readonly Farewell _farewell = new(options.GoodbyeGraceSeconds);
    private double _quietMs;
    private int _prompts;

    public bool IsSayingGoodbye => _farewell.IsAsked;

    public void CallerIsThere()
    {
        (_quietMs, _prompts) = (0, 0);
        _farewell.Lapse();
    }

    public void ModelAudio() => _farewell.ModelAudio();

    public void TurnComplete() => _farewell.TurnComplete();

    /// <param name="elapsedMs">Since the last tick.</param>
    /// <param name="calm">The model owes nothing: the next word is the caller's.</param>
    public WatchAction Tick(double elapsedMs, bool calm)
    {
        if (_farewell.IsAsked) return _farewell.Tick(elapsedMs, floor.AgentAudible) ? WatchAction.EndIdle : WatchAction.None;
        if (options.IdleSeconds == 0) return WatchAction.None;
        // A cough proves nothing, but it is not talked over.
        if (floor.CallerSpeaks) return WatchAction.None;
        _quietMs = floor.IsQuiet ? _quietMs + elapsedMs : 0;
        return calm && _quietMs > 0 ? Next() : WatchAction.None;
    }

    private WatchAction Next()
    {
        var asked = _prompts >= options.IdlePrompts;
        if (_quietMs < 1000 * (asked && options.IdlePrompts > 0 ? options.IdleGoodbyeSeconds : options.IdleSeconds)) return WatchAction.None;
        _quietMs = 0;
        if (asked)
        {
            _farewell.Ask();
            return WatchAction.IdleGoodbye;
        }
        _prompts++;
        return WatchAction.IdlePrompt;
    }
}
