namespace VoiceGateway.Turns;

/// <summary>
/// Watches that a conversation goes on, and says what to do when it does not. It hears of every event and owns none: it has no
/// connection, plays nothing and ends nothing.
/// <code>
///   voice activity, digits ─┐                    ┌▶ StallWatchdog   Nudge, Reconnect, FallBack, GiveUp
///   Live receive loop ──────┼▶ Floor (who speaks)┼▶ IdleCaller      IdlePrompt, IdleGoodbye, EndIdle
///   tools, link, hold ──────┘                    ├▶ DurationLimit   DurationWarning, DurationGoodbye, EndDuration
///   clock, every 40 ms ── Tick ──────────────────┴▶ SilenceFiller      StartFiller, StopFiller
/// </code>
/// Events come from any thread and cost a lock of the call's own. What is awaited is measured in ticks, so that a machine
/// that stood still is not taken for a silent model; only the longest duration runs by the wall.
/// </summary>
public sealed class ConversationWatch
{
    /// <summary>How a text to the model that is not the caller's begins.</summary>
    public const string Mark = "[system] ";

    // A tick that comes later than this came late: the rest of the time was nobody's silence.
    private const double LongestTickMs = 100;

    private readonly TurnOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Floor _floor = new();
    private readonly CallerSpeech _speech;
    private readonly StallWatchdog _stall;
    private readonly IdleCaller _idle;
    private readonly DurationLimit _duration;
    private readonly SilenceFiller _filler;

    private bool _answered;
    private bool _over;
    private long _lastTick;
    private WatchAction _next;
    private int _nudges;
    private int _reconnects;
    private int _fallBacks;
    private int _idlePrompts;
    private int _fillers;

    /// <param name="options">Section <c>Turns</c>.</param>
    /// <param name="time">The call's time.</param>
    /// <param name="maxDuration">The longest time from <see cref="Answered"/> to the goodbye; zero: no limit.</param>
    /// <param name="silenceMayBeMeant">The model may decide not to answer (proactive audio): one nudge, and no more unless it is silent twice in a row.</param>
    /// <param name="withFiller">Whether this agent has a filler; null: as the options say.</param>
    public ConversationWatch(TurnOptions options, TimeProvider time, TimeSpan maxDuration = default, bool silenceMayBeMeant = false, bool? withFiller = null)
    {
        (_options, _time) = (options, time);
        _speech = new CallerSpeech(options.MinSpeechMs, time);
        _stall = new StallWatchdog(options, silenceMayBeMeant, time, _floor);
        _idle = new IdleCaller(options, _floor);
        _duration = new DurationLimit(options, maxDuration, time, _floor);
        _filler = new SilenceFiller(options, withFiller ?? options.Filler.Length > 0, _floor);
    }

    /// <summary>The words for the model that belong to an action just returned; null when it has none. Allocates.</summary>
    public string? Text(WatchAction action)
    {
        lock (_gate)
        {
            return action switch
            {
                WatchAction.Nudge => Mark + _stall.Words,
                WatchAction.IdlePrompt => Mark + _options.IdlePromptText,
                WatchAction.IdleGoodbye => Mark + _options.IdleGoodbyeText,
                WatchAction.DurationWarning => Mark + _options.DurationWarningText.Replace("{left}", SpokenTime.Of(_duration.Left), StringComparison.Ordinal),
                WatchAction.DurationGoodbye => Mark + _options.DurationGoodbyeText,
                _ => null,
            };
        }
    }

    /// <summary>What the newest stall is taken for; for the log and the metrics of its actions.</summary>
    public StallCause Cause { get { lock (_gate) return _stall.Cause; } }

    /// <summary>The caller waits for the model's voice.</summary>
    public bool IsOwed { get { lock (_gate) return _stall.IsOwed; } }

    /// <summary>A copy, as of now.</summary>
    public WatchCounters Counters { get { lock (_gate) return new(_stall.Counts, _nudges, _reconnects, _fallBacks, _idlePrompts, _fillers); } }

    /// <summary>Both sides can hear each other from now on. Nothing is asked for before.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            if (_answered) return;
            _answered = true;
            _lastTick = _time.GetTimestamp();
            _duration.Answered();
            _stall.Restart();
        }
    }

    /// <param name="agoMs">The onset lies this far in the past.</param>
    public void CallerStarted(int agoMs = 0)
    {
        lock (_gate)
        {
            _floor.CallerSpeaks = true;
            _speech.Started(Before(agoMs));
            _stall.CallerStarted();
        }
    }

    /// <param name="agoMs">The last voiced frame lies this far in the past (the detector's hangover).</param>
    public void CallerStopped(int agoMs = 0)
    {
        lock (_gate)
        {
            _floor.CallerSpeaks = false;
            if (_speech.Stopped(Before(agoMs))) CallerSpoke();
        }
    }

    /// <summary>The model transcribed words of the caller.</summary>
    public void CallerText()
    {
        lock (_gate)
        {
            _idle.CallerIsThere();
            if (_speech.Transcribed()) CallerSpoke();
        }
    }

    /// <summary>A key was pressed. When it is told to the model, that is a <see cref="Nudged"/> as well.</summary>
    public void Digit()
    {
        lock (_gate)
        {
            _idle.CallerIsThere();
            _stall.CallerStarted();
        }
    }

    /// <summary>Audio that may be played; not what is dropped as the rest of a cancelled generation.</summary>
    public void ModelAudio()
    {
        lock (_gate)
        {
            _stall.ModelAudio();
            _idle.ModelAudio();
            _duration.ModelAudio();
            _filler.ModelAudio();
        }
    }

    /// <param name="text">A fragment of the output transcript; nothing for any other sign of life, such as a thought.</param>
    public void ModelText(ReadOnlySpan<char> text = default)
    {
        lock (_gate) _stall.ModelText(text);
    }

    public void GenerationComplete()
    {
        lock (_gate) _stall.GenerationComplete();
    }

    public void TurnComplete()
    {
        lock (_gate)
        {
            _stall.TurnComplete();
            _idle.TurnComplete();
            _duration.TurnComplete();
        }
    }

    /// <summary>The model said so.</summary>
    public void Interrupted()
    {
        lock (_gate) _stall.Interrupted();
    }

    /// <summary>This side cleared playout; the model does not know.</summary>
    public void FlushedLocally()
    {
        lock (_gate) _stall.FlushedLocally();
    }

    /// <summary>One call of a tool.</summary>
    public void ToolAsked()
    {
        lock (_gate)
        {
            _floor.Tools++;
            _stall.ToolAsked();
        }
    }

    /// <summary>One of them was answered to the model, or cancelled.</summary>
    /// <param name="answerExpected">False: cancelled, or told to the model silently.</param>
    public void ToolSettled(bool answerExpected = true)
    {
        lock (_gate)
        {
            // More answers than questions: none of them is waited for.
            if (_floor.Tools == 0) return;
            _floor.Tools--;
            _stall.ToolSettled(answerExpected);
        }
    }

    /// <summary>
    /// The gateway asked the model for something (the greeting, digits): an answer is owed. Not for what <see cref="Tick"/>
    /// asked for: that is known here.
    /// </summary>
    public void Nudged()
    {
        lock (_gate) _stall.Nudged();
    }

    /// <summary>No connection to the model: silence explains itself.</summary>
    public void LinkDown()
    {
        lock (_gate)
        {
            _floor.LinkIsDown = true;
            _stall.LinkDown();
        }
    }

    /// <param name="fresh">A new session, which knows of the conversation only what it was told.</param>
    public void LinkUp(bool fresh)
    {
        lock (_gate)
        {
            _floor.LinkIsDown = false;
            _stall.LinkUp(fresh);
        }
    }

    /// <summary>The caller put us on hold and hears nothing, or waits for somebody else to pick up; each has its <see cref="Resumed"/>.</summary>
    public void Held()
    {
        lock (_gate) _floor.Holds++;
    }

    public void Resumed()
    {
        lock (_gate)
        {
            if (_floor.Holds > 0) _floor.Holds--;
            _stall.Restart();
        }
    }

    /// <summary>Every 40 ms, from the clock. Allocates nothing.</summary>
    /// <param name="agentAudible">Agent audio is leaving or waits to; the filler does not count.</param>
    /// <returns>Mostly <see cref="WatchAction.None"/>; never more after <see cref="WatchAction.GiveUp"/> or an end.</returns>
    public WatchAction Tick(bool agentAudible)
    {
        lock (_gate)
        {
            if (!_answered || _over) return WatchAction.None;
            var now = _time.GetTimestamp();
            var elapsedMs = Math.Min(_time.GetElapsedTime(_lastTick, now).TotalMilliseconds, LongestTickMs);
            _lastTick = now;
            _floor.AgentAudible = agentAudible && !_filler.IsOn;
            // The model may have spoken at the last moment.
            if (_next == WatchAction.GiveUp && !_stall.IsOwed) _next = WatchAction.None;
            var action = _next != WatchAction.None ? _next : Decide(elapsedMs);
            _next = WatchAction.None;
            return AfterFiller(action);
        }
    }

    private WatchAction Decide(double elapsedMs)
    {
        var calm = !_stall.IsBusy;
        var filler = _idle.IsSayingGoodbye || _duration.IsSayingGoodbye ? WatchAction.None : _filler.Tick(elapsedMs, _stall.IsOwed, _stall.ToolAnswerIsDue);
        if (filler != WatchAction.None) return filler;

        // One goodbye is enough; whichever began first ends the call.
        var action = _idle.IsSayingGoodbye ? WatchAction.None : _duration.Tick(elapsedMs, calm);
        if (action != WatchAction.None || _duration.IsSayingGoodbye) return action;
        action = _idle.Tick(elapsedMs, calm);
        if (action != WatchAction.None || _idle.IsSayingGoodbye) return action;
        return _stall.Tick(elapsedMs);
    }

    // A filler under a goodbye, or left on at the end: it is stopped first, and the action follows in the next tick.
    private WatchAction AfterFiller(WatchAction action)
    {
        if (_filler.IsOn && action is WatchAction.GiveUp or WatchAction.IdleGoodbye or WatchAction.EndIdle or WatchAction.DurationGoodbye or WatchAction.EndDuration)
        {
            _filler.Stop();
            _next = action;
            return WatchAction.StopFiller;
        }
        switch (action)
        {
            case WatchAction.Nudge:
                _nudges++;
                break;
            case WatchAction.Reconnect:
                _reconnects++;
                break;
            case WatchAction.FallBack:
                _fallBacks++;
                break;
            case WatchAction.IdlePrompt:
                _idlePrompts++;
                _stall.Nudged();
                break;
            case WatchAction.StartFiller:
                _fillers++;
                break;
            case WatchAction.GiveUp or WatchAction.EndIdle or WatchAction.EndDuration:
                _over = true;
                break;
        }
        return action;
    }

    private void CallerSpoke()
    {
        _stall.CallerSpoke(_speech);
        _idle.CallerIsThere();
    }

    private long Before(int milliseconds) => _time.GetTimestamp() - _time.TimestampFrequency * milliseconds / 1000;
}
