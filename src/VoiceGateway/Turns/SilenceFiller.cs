namespace VoiceGateway.Turns;

/// <summary>
/// Decides when a tool takes so long, or a connection that owes an answer is away for so long, that the silence must be filled:
/// a caller who hears nothing says "hello?" into it. The filler goes on until the model speaks, and yields to the caller at once.
/// </summary>
internal sealed class SilenceFiller(TurnOptions options, bool enabled, Floor floor)
{
    // After the agent's own words ("let me see"), a breath first.
    private const double BreathMs = 500;

    private double _waitMs;
    private bool _forLink;
    private double _silentMs;
    private bool _modelSpoke;

    public bool IsOn { get; private set; }

    public void ModelAudio() => _modelSpoke = true;

    public void Stop() => (IsOn, _silentMs) = (false, 0);

    /// <param name="elapsedMs">Since the last tick.</param>
    /// <param name="isOwed">The caller waits for the model's voice.</param>
    /// <param name="toolAnswerIsDue">A tool was answered, and the model has not spoken since.</param>
    public WatchAction Tick(double elapsedMs, bool isOwed, bool toolAnswerIsDue)
    {
        if (!enabled) return WatchAction.None;
        var linkIsAwaited = floor.LinkIsDown && isOwed;
        _waitMs = floor.Tools > 0 || linkIsAwaited ? _waitMs + elapsedMs : 0;
        if (IsOn)
        {
            var goesOn = floor.Tools > 0 || toolAnswerIsDue || (_forLink && isOwed);
            if (goesOn && !_modelSpoke && !floor.CallerSpeaks && !floor.IsHeld) return WatchAction.None;
            Stop();
            return WatchAction.StopFiller;
        }
        _silentMs = floor.SomebodySpeaks || floor.IsHeld ? 0 : _silentMs + elapsedMs;
        if (_waitMs == 0 || _waitMs < options.FillerAfterMs || _silentMs < Math.Min(BreathMs, options.FillerAfterMs)) return WatchAction.None;
        (IsOn, _modelSpoke, _forLink) = (true, false, linkIsAwaited);
        return WatchAction.StartFiller;
    }
}
