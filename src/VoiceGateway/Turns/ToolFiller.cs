namespace VoiceGateway.Turns;

/// <summary>
/// Decides when a tool takes so long that the silence must be filled: a caller who hears nothing says "hello?" into it.
/// The filler goes on over the tool's end until the model speaks, and yields to the caller at once.
/// </summary>
internal sealed class ToolFiller(TurnOptions options, bool enabled, Floor floor)
{
    // After the agent's own words ("let me see"), a breath first.
    private const double BreathMs = 500;

    private double _toolMs;
    private double _silentMs;
    private bool _modelSpoke;

    public bool IsOn { get; private set; }

    public void ModelAudio() => _modelSpoke = true;

    public void Stop() => (IsOn, _silentMs) = (false, 0);

    /// <param name="elapsedMs">Since the last tick.</param>
    /// <param name="answerIsDue">A tool was answered, and the model has not spoken since.</param>
    public WatchAction Tick(double elapsedMs, bool answerIsDue)
    {
        if (!enabled) return WatchAction.None;
        _toolMs = floor.Tools > 0 ? _toolMs + elapsedMs : 0;
        if (IsOn)
        {
            if (!_modelSpoke && !floor.CallerSpeaks && !floor.IsPaused && (floor.Tools > 0 || answerIsDue)) return WatchAction.None;
            Stop();
            return WatchAction.StopFiller;
        }
        _silentMs = floor.SomebodySpeaks || floor.IsPaused ? 0 : _silentMs + elapsedMs;
        if (floor.Tools == 0 || _toolMs < options.FillerAfterMs || _silentMs < Math.Min(BreathMs, options.FillerAfterMs)) return WatchAction.None;
        (IsOn, _modelSpoke) = (true, false);
        return WatchAction.StartFiller;
    }
}
