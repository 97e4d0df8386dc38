namespace VoiceGateway.Turns;

public enum BargeInAction { None, Duck, Restore, Flush }

/// <summary>
/// Two signals decide an interruption. The caller's voice on this side ducks the agent at once; <c>interrupted</c> from
/// the model, or speech that goes on, flushes it; speech that ends before either was a false alarm, and the level comes back.
/// <code>
///            caller speaks over agent            interrupted | ConfirmMs of speech
///   Quiet ────────────────────────────▶ Ducked ────────────────────────────────────▶ Flushed
///     ▲                                   │ caller stops                                │ caller stops
///     └───────────── Restore ─────────────┴─────────────────────────────────────────────┘
/// </code>
/// Voice events come from the clock thread, <c>interrupted</c> from the Live receive loop.
/// </summary>
public sealed class BargeIn(BargeInOptions options, TimeProvider time)
{
    private enum State { Quiet, Ducked, Flushed }

    private readonly Lock _gate = new();
    private State _state;
    private long _overlapSince;
    private bool _callerSpeaks;

    /// <summary>The agent's level is down now.</summary>
    public bool IsDucked { get { lock (_gate) return _state == State.Ducked; } }

    public BargeInAction CallerStarted(bool agentAudible)
    {
        lock (_gate)
        {
            _callerSpeaks = true;
            return agentAudible ? Duck() : BargeInAction.None;
        }
    }

    public BargeInAction CallerStopped()
    {
        lock (_gate)
        {
            _callerSpeaks = false;
            var action = _state == State.Ducked ? BargeInAction.Restore : BargeInAction.None;
            _state = State.Quiet;
            return action;
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
                case State.Quiet when _callerSpeaks && agentAudible:
                    return Duck();
                case State.Ducked when !agentAudible:
                    _state = State.Quiet;
                    return BargeInAction.Restore;
                case State.Ducked when time.GetElapsedTime(_overlapSince).TotalMilliseconds >= options.ConfirmMs:
                    _state = State.Flushed;
                    return BargeInAction.Flush;
                // What is audible now is the next reply: this interruption is over.
                case State.Flushed when !_callerSpeaks:
                    _state = State.Quiet;
                    return BargeInAction.None;
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

    private BargeInAction Duck()
    {
        if (_state != State.Quiet) return BargeInAction.None;
        _state = State.Ducked;
        _overlapSince = time.GetTimestamp();
        return BargeInAction.Duck;
    }
}
