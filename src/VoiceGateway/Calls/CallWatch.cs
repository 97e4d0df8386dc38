using VoiceGateway.Telemetry;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>Does what <see cref="ConversationWatch"/> asks for. On the clock thread: nothing here waits.</summary>
internal sealed class CallWatch(
    ConversationWatch watch, CallAgent agent, CallAudioPath audio, Filler? filler, TurnTimeline timeline, CallMetrics metrics,
    Action<CallEndReason, string?> end)
{
    public void Do(WatchAction action)
    {
        if (watch.Text(action) is { } text) agent.Tell(text, keep: action is not WatchAction.Nudge);
        switch (action)
        {
            case WatchAction.Nudge:
                Stalled(TimelineMark.StallNudged, "nudge");
                break;
            case WatchAction.Reconnect:
                Stalled(TimelineMark.StallReconnected, "reconnect");
                agent.Reconnect(elsewhere: false);
                break;
            case WatchAction.FallBack:
                Stalled(TimelineMark.StallReconnected, "fall_back");
                agent.Reconnect(elsewhere: true);
                break;
            case WatchAction.GiveUp:
                metrics.Stalled(SnakeCase.Of(watch.Cause), "give_up");
                end(CallEndReason.ModelStalled, SnakeCase.Of(watch.Cause));
                break;
            case WatchAction.IdlePrompt:
                timeline.Mark(TimelineMark.IdlePrompted);
                metrics.IdlePrompted("prompt");
                break;
            case WatchAction.IdleGoodbye:
                timeline.Mark(TimelineMark.IdlePrompted);
                metrics.IdlePrompted("goodbye");
                break;
            case WatchAction.EndIdle:
                end(CallEndReason.CallerIdle, null);
                break;
            case WatchAction.DurationWarning or WatchAction.DurationGoodbye:
                timeline.Mark(TimelineMark.DurationWarned);
                break;
            case WatchAction.EndDuration:
                end(CallEndReason.MaxDuration, null);
                break;
            case WatchAction.StartFiller:
                timeline.Mark(TimelineMark.FillerStarted);
                metrics.FillerStarted();
                if (filler is not null) audio.Leg.Playout.StartFiller(filler.Samples24kHz, filler.Repeats);
                break;
            case WatchAction.StopFiller:
                timeline.Mark(TimelineMark.FillerStopped);
                audio.Leg.Playout.StopFiller();
                break;
        }
    }

    public IReadOnlyDictionary<string, long> Counters()
    {
        var counted = watch.Counters;
        var counters = new Dictionary<string, long>
        {
            ["nudges"] = counted.Nudges,
            ["reconnects"] = counted.Reconnects,
            ["fall_backs"] = counted.FallBacks,
            ["idle_prompts"] = counted.IdlePrompts,
            ["fillers"] = counted.Fillers,
        };
        var marks = timeline.Snapshot().CountBy(static m => m.Mark).ToDictionary();
        counters["barge_ins"] = marks.GetValueOrDefault(TimelineMark.Interrupted) + marks.GetValueOrDefault(TimelineMark.FlushedLocally);
        counters["false_alarms"] = marks.GetValueOrDefault(TimelineMark.Restored);
        counters["phantom_interruptions"] = marks.GetValueOrDefault(TimelineMark.PhantomInterrupted);
        foreach (var stall in counted.Stalls)
        {
            counters[$"stalls_{SnakeCase.Of(stall.Cause)}"] = stall.Detected;
            counters[$"recovered_{SnakeCase.Of(stall.Cause)}"] = stall.Recovered;
        }
        return counters;
    }

    private void Stalled(TimelineMark mark, string step)
    {
        timeline.Mark(mark, (int)watch.Cause);
        metrics.Stalled(SnakeCase.Of(watch.Cause), step);
    }
}
