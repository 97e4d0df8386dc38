namespace VoiceGateway.GeminiLive;

/// <summary>
/// How the caller's audio goes to one connection. Where the server listens for speech itself, all of it; where it does not, the
/// caller's turns only: <c>activityStart</c>, a pre-roll (what stands before <c>activityStart</c> is thrown away by the server),
/// the speech, <c>activityEnd</c>. The link locks.
/// </summary>
internal sealed class CallerTurns
{
    private bool _marked;
    private bool _speaking;
    private int _preRoll;

    public void Begin(LiveSession session)
    {
        _marked = session.MarksTurns;
        (_speaking, _preRoll) = (false, 0);
    }

    /// <returns>False when there is nothing to send, or the connection is over.</returns>
    public bool SendNext(CallerReplay replay, LiveSession session)
    {
        if (!replay.TryNext(out var frame, out var voiced)) return false;
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
