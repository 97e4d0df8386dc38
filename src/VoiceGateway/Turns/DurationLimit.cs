namespace VoiceGateway.Turns;

/// <summary>
/// The longest duration of a call. The caller is warned while there is time to finish, and the end is a goodbye, not a cut:
/// both wait a little for a moment in which nobody speaks.
/// <code>
///   0 ────────────── limit - WarningSeconds ─▶ DurationWarning ──── limit ─▶ DurationGoodbye ─▶ said and played ─▶ EndDuration
/// </code>
/// </summary>
internal sealed class DurationLimit(TurnOptions options, TimeSpan limit, TimeProvider time, Floor floor)
{
    // Nobody pauses: the goodbye does not wait for longer than this.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Farewell _farewell = new(options.GoodbyeGraceSeconds);
    private readonly TimeSpan _warning = TimeSpan.FromSeconds(options.WarningSeconds);
    private long _answeredAt;
    private bool _warned;

    public bool IsSayingGoodbye => _farewell.IsAsked;

    public TimeSpan Left => limit - time.GetElapsedTime(_answeredAt);

    public void Answered() => _answeredAt = time.GetTimestamp();

    public void ModelAudio() => _farewell.ModelAudio();

    public void TurnComplete() => _farewell.TurnComplete();

    /// <param name="elapsedMs">Since the last tick.</param>
    /// <param name="calm">The model owes nothing.</param>
    public WatchAction Tick(double elapsedMs, bool calm)
    {
        if (limit <= TimeSpan.Zero) return WatchAction.None;
        if (_farewell.IsAsked) return _farewell.Tick(elapsedMs, floor.AgentAudible) ? WatchAction.EndDuration : WatchAction.None;
        var left = Left;
        if (left <= TimeSpan.Zero)
        {
            if (floor.SomebodySpeaks && left > -Patience) return WatchAction.None;
            _farewell.Ask();
            return WatchAction.DurationGoodbye;
        }
        // A call that is no longer than its warning needs none.
        if (_warned || left > _warning || _warning >= limit || floor.IsPaused) return WatchAction.None;
        if (!(floor.IsQuiet && calm) && left > _warning / 2) return WatchAction.None;
        _warned = true;
        return WatchAction.DurationWarning;
    }
}
