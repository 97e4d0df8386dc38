namespace VoiceGateway.Turns;

/// <summary>
/// Watches that a conversation goes on, and says what to do when it does not. It hears of every event and owns none: it has no
/// connection, plays nothing and ends nothing.
/// <code>
///   voice activity, digits ─┐                    ┌▶ StallWatchdog   Nudge, Reconnect, FallBack, GiveUp
///   Live receive loop ──────┼▶ Floor (who speaks)┼▶ IdleCaller      IdlePrompt, IdleGoodbye, EndIdle
///   tools, link, hold ──────┘                    ├▶ DurationLimit   DurationWarning, DurationGoodbye, EndDuration
///   clock, every 20 ms ── Tick ──────────────────┴▶ ToolFiller      StartFiller, StopFiller
/// </code>
/// Events come from any thread and cost a lock of the call's own. What is awaited is measured in ticks, so that a machine
/// that stood still is not taken for a silent model; only the longest duration runs by the wall.
/// </summary>
public sealed class ConversationWatch
{
    private readonly TurnOptions _options;
    private readonly TimeProvider _time;

    /// <param name="options">Section <c>Turns</c>.</param>
    /// <param name="time">The call's time.</param>
    /// <param name="maxDuration">The longest time from <see cref="Answered"/> to the goodbye; zero: no limit.</param>
    /// <param name="silenceMayBeMeant">The model may decide not to answer (proactive audio): one nudge, and no more unless it is silent twice in a row.</param>
    public ConversationWatch(TurnOptions options, TimeProvider time, TimeSpan maxDuration = default, bool silenceMayBeMeant = false)
    {
        _ = maxDuration;
        _ = silenceMayBeMeant;
        (_options, _time) = (options, time);
    }

    /// <summary>Both sides can hear each other from now on. Nothing is asked for before.</summary>
    public void Answered() => _ = _time;

    /// <param name="agoMs">The onset lies this far in the past.</param>
    public void CallerStarted(int agoMs = 0) => _ = agoMs;

    /// <param name="agoMs">The last voiced frame lies this far in the past (the detector's hangover).</param>
    public void CallerStopped(int agoMs = 0) => _ = agoMs;

    /// <summary>The model transcribed words of the caller.</summary>
    public void CallerText() => _ = _time;

    /// <summary>A key was pressed. When it is told to the model, that is a <see cref="Nudged"/> as well.</summary>
    public void Digit() => _ = _time;

    /// <summary>Audio that may be played; not what is dropped as the rest of a cancelled generation.</summary>
    public void ModelAudio() => _ = _time;

    /// <param name="text">A fragment of the output transcript; nothing for any other sign of life, such as a thought.</param>
    public void ModelText(ReadOnlySpan<char> text = default) => _ = text.Length;

    public void GenerationComplete() => _ = _time;

    public void TurnComplete() => _ = _time;

    /// <summary>The model said so.</summary>
    public void Interrupted() => _ = _time;

    /// <summary>This side cleared playout; the model does not know.</summary>
    public void FlushedLocally() => _ = _time;

    public void ToolAsked() => _ = _time;

    /// <param name="answerExpected">False: cancelled, or told to the model silently.</param>
    public void ToolSettled(bool answerExpected = true) => _ = answerExpected;

    /// <summary>The gateway asked the model for something (the greeting, digits): an answer is owed. Not for what <see cref="Tick"/> asked for: that is known here.</summary>
    public void Nudged() => _ = _time;

    public void LinkDown() => _ = _time;

    /// <param name="fresh">A new session, which knows of the conversation only what it was told.</param>
    public void LinkUp(bool fresh) => _ = fresh;

    public void Held() => _ = _time;

    public void Resumed() => _ = _time;

    /// <summary>Every 20 ms, from the clock. Allocates nothing.</summary>
    /// <param name="agentAudible">Agent audio is leaving or waits to; the filler does not count.</param>
    public WatchAction Tick(bool agentAudible) => agentAudible ? WatchAction.None : default;

    /// <summary>The words for the model that belong to an action just returned; null when it has none. Allocates.</summary>
    public string? Text(WatchAction action) => action == WatchAction.None ? null : "[system] " + _options.AnswerText;

    /// <summary>What the last stall was; for the log and the metrics of its actions.</summary>
    public StallCause Cause => default;

    public WatchCounters Counters => new([], 0, 0, 0, 0, 0);
}
