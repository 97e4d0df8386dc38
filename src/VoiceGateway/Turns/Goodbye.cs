namespace VoiceGateway.Turns;

/// <summary>
/// The agent asked to hang up: when is it polite to? Once its turn is complete and everything it said has been played.
/// A caller who interrupts the goodbye has something to say, so the request lapses; the agent may ask again.
/// </summary>
public sealed class Goodbye(TimeProvider time)
{
    // Late audio, jitter and the caller's own handset: do not cut into the last word.
    private const int QuietMs = 240;

    // The model never said that its turn is complete.
    private const int QuietWithoutTurnEndMs = 2000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private bool _asked;
    private bool _turnComplete;
    private long _askedAt;
    private int _quietMs;

    public void Ask()
    {
        lock (_gate)
        {
            if (_asked) return;
            (_asked, _turnComplete, _quietMs) = (true, false, 0);
            _askedAt = time.GetTimestamp();
        }
    }

    public void TurnComplete()
    {
        lock (_gate) _turnComplete = true;
    }

    public void Interrupted()
    {
        lock (_gate) _asked = false;
    }

    /// <summary>Every 20 ms, from the clock.</summary>
    /// <returns>True when it is time to send the BYE.</returns>
    public bool Tick(bool agentAudible)
    {
        lock (_gate)
        {
            if (!_asked) return false;
            _quietMs = agentAudible ? 0 : _quietMs + 20;
            return _quietMs >= (_turnComplete ? QuietMs : QuietWithoutTurnEndMs) || time.GetElapsedTime(_askedAt) > Longest;
        }
    }
}
