using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Telemetry;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>What became of a call's connections to the model: for its record, its timeline, the metrics and the log.</summary>
internal sealed partial class LinkJournal(TurnTimeline timeline, CallMetrics metrics, ILogger log)
{
    /// <summary>A call whose link changes more often than this is described well enough by then.</summary>
    private const int MostEvents = 1000;

    private readonly List<LinkEvent> _events = [];
    private string? _route;
    private LinkDown? _down;
    private TimeSpan _lostAudio;

    /// <summary>The call's claim to a session; it is told what the service grants.</summary>
    public SessionPlace? Place { get; set; }

    public IReadOnlyList<LinkEvent> Snapshot()
    {
        lock (_events) return [.. _events];
    }

    public void Down(LinkDown down)
    {
        _down = down;
        if (down.Close?.Kind == LiveCloseKind.QuotaExceeded && _route is { } refusing) Place?.Refused(refusing);
        else Place?.Closed();
        if (IsPlanned(down.Cause)) return;
        var fault = Fault(down);
        timeline.Mark(TimelineMark.LinkLost);
        Add("lost", fault, TimeSpan.Zero);
        LogLost(fault, down.Close?.Code);
        if (down.Close is { Kind: LiveCloseKind.Defect, Exception: { } defect }) LogDefect(defect);
    }

    public void Up(LinkUp up)
    {
        var elsewhere = _route is not null && _route != up.Route.Name;
        _route = up.Route.Name;
        Place?.Opened(up.Route.Name);
        if (up.Cause == LinkCause.Start)
        {
            Add("connected", "start", up.Gap, up.Route.Name);
            return;
        }

        var planned = IsPlanned(up.Cause);
        var outcome = up.Resumed ? "resumed" : "seeded";
        var cause = planned ? SnakeCase.Of(up.Cause) : _down is { } down ? Fault(down) : SnakeCase.Of(up.Cause);
        var ms = (int)up.Gap.TotalMilliseconds;
        timeline.Mark(planned ? TimelineMark.Rotated : TimelineMark.LinkRestored, ms);
        if (planned) metrics.Rotated(cause, outcome);
        else metrics.Reconnected(cause, outcome);
        metrics.LinkGap(planned ? "rotation" : "fault", up.Gap);
        metrics.LinkAudioReplayed(up.Replayed);
        if (elsewhere)
        {
            timeline.Mark(TimelineMark.FellBack);
            metrics.FellBack(up.Route.Name);
        }
        Add(elsewhere ? "fell_back" : planned ? "rotated" : "restored", cause, up.Gap, elsewhere ? up.Route.Name : null);
        LogUp(cause, outcome, up.Route.Name, ms, up.Replayed.TotalSeconds);
        _down = null;
    }

    /// <param name="total">Of the call, so far.</param>
    public void AudioLost(TimeSpan total)
    {
        if (total == _lostAudio) return;
        metrics.LinkAudioLost(total - _lostAudio);
        _lostAudio = total;
    }

    public void AttemptFailed(LiveRoute route, LiveFailure failure)
    {
        Add("attempt_failed", SnakeCase.Of(failure.Kind), TimeSpan.Zero);
        if (failure.Kind == LiveCloseKind.QuotaExceeded) Place?.Refused(route.Name, failure.RetryAfter);
        LogAttemptFailed(route.Name, (failure with { Reason = ServerWords.Masked(failure.Reason) }).ToString());
    }

    /// <summary>The link is over for good.</summary>
    public void Ended()
    {
        if (_down is not { } down) return;
        if (IsPlanned(down.Cause)) metrics.Rotated(SnakeCase.Of(down.Cause), "failed");
        else metrics.Reconnected(Fault(down), "failed");
    }

    private static bool IsPlanned(LinkCause cause) => cause is LinkCause.GoAway or LinkCause.Age;

    private static string Fault(LinkDown down) => down.Close is { } close ? SnakeCase.Of(close.Kind) : SnakeCase.Of(down.Cause);

    private void Add(string kind, string cause, TimeSpan gap, string? route = null)
    {
        lock (_events)
            if (_events.Count < MostEvents) _events.Add(new LinkEvent(timeline.Now, kind, cause, Math.Round(gap.TotalMilliseconds, 1), route));
    }

    [LoggerMessage(121, LogLevel.Warning, "Live connection lost: {Fault} (close code {Code})")]
    private partial void LogLost(string fault, int? code);

    [LoggerMessage(122, LogLevel.Information, "Live connection replaced ({Cause}, {Outcome}) by {Route} after {GapMs} ms; {ReplayedSeconds:F2} s of audio kept for it")]
    private partial void LogUp(string cause, string outcome, string route, int gapMs, double replayedSeconds);

    [LoggerMessage(124, LogLevel.Error, "A defect broke the Live connection")]
    private partial void LogDefect(Exception exception);

    [LoggerMessage(123, LogLevel.Warning, "No Live connection by {Route}: {Failure}")]
    private partial void LogAttemptFailed(string route, string failure);
}
