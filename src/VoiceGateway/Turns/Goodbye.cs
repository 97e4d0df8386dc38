namespace VoiceGateway.Turns;

/// <summary>
/// The agent asked to hang up: when is it polite to? Once its turn is complete and everything it said has been played.
/// A caller who interrupts the goodbye has something to say, so the request lapses; the agent may ask again.
/// </summary>
public sealed class Goodbye
{
    // Late audio, jitter and the caller's own handset: do not cut into the last word.
    private const int QuietMs = 240;

    // Its turn goes on, or it has not spoken since it asked.
    private const int QuietWithoutGoodbyeMs = 2000;

    private readonly Lock _gate = new();
    private bool _asked;
    private bool _turnComplete;
    private bool _spoke;
    private int _quietMs;

    public void Ask()
    {
        lock (_gate)
        {
            if (_asked) return;
            (_asked, _turnComplete, _spoke, _quietMs) = (true, false, false, 0);
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
            _spoke |= agentAudible;
            _quietMs = agentAudible ? 0 : _quietMs + 20;
            // Before it has spoken, the goodbye is still to come: the tool's answer asks for it.
            return _quietMs >= (_turnComplete && _spoke ? QuietMs : QuietWithoutGoodbyeMs);
        }
    }
}
