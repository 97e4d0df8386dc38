namespace VoiceGateway.GeminiLive;

/// <summary>
/// How the caller's audio goes to one connection. Where the server listens for speech itself, all of it; where it does not, the
/// caller's turns only: <c>activityStart</c>, a pre-roll (what stands before <c>activityStart</c> is thrown away by the server),
/// the speech, <c>activityEnd</c>. The link locks, and holds it in itself: no memory of its own for every frame to touch.
/// </summary>
internal struct CallerTurns
{
    private bool _marked;
    private bool _speaking;
    private int _preRoll;

    public void Begin(LiveSession session)
    {
        _marked = session.MarksTurns;
        (_speaking, _preRoll) = (false, 0);
    }

    /// <param name="replay">What is to be sent.</param>
    /// <param name="newest">The last frame of it as it came, or empty.</param>
    /// <param name="session">The connection.</param>
    /// <returns>False when there is nothing to send, or the connection is over.</returns>
    public bool SendNext(CallerReplay replay, ReadOnlySpan<short> newest, LiveSession session)
    {
        if (!replay.TryNext(newest, out var frame, out var voiced)) return false;
        if (!_marked) return session.TrySendAudio(frame);
        if (_speaking)
        {
            if (_preRoll > 0) _preRoll--;
            else if (!voiced)
            {
                _speaking = false;
                return session.SendActivityEnd();
            }
            return session.TrySendAudio(frame);
        }
        if (!voiced) return true;
        _speaking = true;
        // The detector needs a moment: the first syllable lies before its word. With the frame that gave it away.
        _preRoll = replay.StepBack(CallerReplay.PreRollFrames + 1);
        return session.SendActivityStart();
    }
}
