namespace VoiceGateway.Calls;

/// <param name="SipStatus">The final response when the call has not been answered yet.</param>
/// <param name="Q850Cause">The cause in the BYE's Reason header (RFC 3326, Q.850) when it has.</param>
/// <param name="Tag">The value of the metric's tag, also the record's.</param>
/// <param name="Blame">Whose doing it is.</param>
/// <param name="Apologise">The caller is owed a recorded word before the BYE.</param>
/// <param name="Text">In words, for the Reason header, the log and the call's page.</param>
public sealed record CallEndMeaning(int SipStatus, int Q850Cause, string Tag, Blame Blame, bool Apologise, string Text)
{
    public string ReasonHeader => $"Q.850;cause={Q850Cause};text=\"{Text}\"";
}
