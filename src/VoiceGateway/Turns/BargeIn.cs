namespace VoiceGateway.Turns;

/// <summary>
/// Two signals decide an interruption. The caller's voice on this side ducks the agent at once: a little at the first sound,
/// further when it has proved to be speech. <c>interrupted</c> from the model, or speech that goes on, flushes the agent; a sound
/// that was no speech, or speech that ends before either, was a false alarm, and the level comes back.
/// <code>
///            a sound over the agent       it is speech         interrupted | ConfirmMs of speech
///   Quiet ───────────────────▶ Suspected ─────────────▶ Ducked ───────────────────────────────▶ Flushed
///     ▲                            │ SuspicionMs           │ RestoreMs of silence                 │ caller stops
///     └────────── Restore ─────────┴───────────────────────┴──────────────────────────────────────┘
/// </code>
/// Voice events come from the clock thread, <c>interrupted</c> from the Live receive loop.
/// </summary>
public sealed class BargeIn(BargeInOptions options, TimeProvider time)
{
    private enum State { Quiet, Suspected, Ducked, Flushed }

    // A sound that is speech has proved to be by then: the detector needs 40 ms, and unvoiced beginnings some more.
    private const int SuspicionMs = 120;

    // An unvoiced beginning ("ex-", "st-") proves it late; a noise that sets in goes on as well.
    private const int LongestSuspicionMs = 400;

    // After a suspicion that came to nothing: a keyboard must not make the agent flicker.
    private const int RefractoryMs = 240;

    // Between words speech goes on.
    private const int BetweenWordsMs = 100;

    private readonly float _onsetGain = Gain(options.OnsetDuckDb);
    private readonly float _gain = Gain(options.DuckDb);
    private readonly Lock _gate = new();
    private State _state;
    private long _suspectedAt = long.MinValue / 2;
    private long _soundedAt = long.MinValue / 2;
    private long _overlapSince;
    private long _refractoryUntil;
    private bool _callerSpeaks;
    private bool _lulled;
    private int _pauseMs;

    /// <summary>The level at which the agent is to be played now: 1, or less.</summary>
    public float PlayoutGain
    {
        get
        {
            lock (_gate)
            {
                return _state switch
                {
                    State.Suspected => _onsetGain,
                    State.Ducked when !_lulled => _gain,
                    _ => 1,
                };
            }
        }
    }

    /// <summary>A sound that may be the caller's: speech is not certain.</summary>
    public BargeInAction CallerOnset(bool agentAudible)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_state == State.Suspected && Since(_suspectedAt) < LongestSuspicionMs - SuspicionMs) _soundedAt = now;
            if (_state != State.Quiet || _callerSpeaks || !agentAudible || now < _refractoryUntil) return BargeInAction.None;
            (_state, _suspectedAt, _soundedAt) = (State.Suspected, now, now);
            return BargeInAction.Duck;
        }
    }

    /// <summary>The caller speaks.</summary>
    /// <param name="agentAudible">Over the agent.</param>
    /// <param name="agoMs">Since this long ago.</param>
    public BargeInAction CallerStarted(bool agentAudible, int agoMs = 0)
    {
        lock (_gate)
        {
            (_callerSpeaks, _pauseMs) = (true, 0);
            return agentAudible ? Duck(agoMs) : BargeInAction.None;
        }
    }

    /// <summary>While the caller speaks: for how long there has been a pause, less than the detector's hangover.</summary>
    public BargeInAction CallerPauses(int milliseconds)
    {
        lock (_gate)
        {
            if (!_callerSpeaks) return BargeInAction.None;
            _pauseMs = milliseconds;
            if (_state != State.Ducked || _lulled == milliseconds >= options.RestoreMs) return BargeInAction.None;
            _lulled = !_lulled;
            return _lulled ? BargeInAction.Restore : BargeInAction.Duck;
        }
    }

    public BargeInAction CallerStopped()
    {
        lock (_gate)
        {
            _callerSpeaks = false;
            return _state is State.Ducked or State.Flushed ? BackToQuiet() : BargeInAction.None;
        }
    }

    /// <summary>Every 20 ms, from the clock.</summary>
    public BargeInAction Tick(bool agentAudible)
    {
        lock (_gate)
        {
            switch (_state)
            {
                // The agent started while the caller was speaking already.
                case State.Quiet when _callerSpeaks && agentAudible && _pauseMs < BetweenWordsMs:
                    return Duck(0);
                case State.Suspected when !agentAudible:
                    return BackToQuiet();
                case State.Suspected when Since(_soundedAt) >= SuspicionMs:
                    _refractoryUntil = time.GetTimestamp() + time.TimestampFrequency * RefractoryMs / 1000;
                    return BackToQuiet();
                case State.Ducked when !agentAudible:
                    return BackToQuiet();
                // The pause at the end is no speech: a short word and its hangover are no interruption.
                case State.Ducked when _pauseMs < BetweenWordsMs && Since(_overlapSince) >= options.ConfirmMs:
                    _state = State.Flushed;
                    return BargeInAction.Flush;
                // What is audible now is the next reply: this interruption is over.
                case State.Flushed when !_callerSpeaks:
                    return BackToQuiet();
                default:
                    return BargeInAction.None;
            }
        }
    }

    /// <summary>The model said <c>interrupted</c>: always believed, whatever this side heard.</summary>
    public BargeInAction Interrupted()
    {
        lock (_gate)
        {
            _state = _callerSpeaks ? State.Flushed : State.Quiet;
            return BargeInAction.Flush;
        }
    }

    private BargeInAction Duck(int agoMs)
    {
        if (_state is not (State.Quiet or State.Suspected)) return BargeInAction.None;
        var first = _state == State.Quiet;
        _overlapSince = time.GetTimestamp() - time.TimestampFrequency * agoMs / 1000;
        // "Ex-cuse me": the beginning was given up for a click, and was none.
        if (Since(_soundedAt) < LongestSuspicionMs) _overlapSince = Math.Min(_overlapSince, _suspectedAt);
        (_state, _lulled) = (State.Ducked, false);
        return first ? BargeInAction.Duck : BargeInAction.None;
    }

    private BargeInAction BackToQuiet()
    {
        var ducked = _state == State.Suspected || (_state == State.Ducked && !_lulled);
        (_state, _lulled) = (State.Quiet, false);
        return ducked ? BargeInAction.Restore : BargeInAction.None;
    }

    private double Since(long timestamp) => time.GetElapsedTime(timestamp).TotalMilliseconds;

    private static float Gain(double db) => (float)Math.Pow(10, -db / 20);
}
