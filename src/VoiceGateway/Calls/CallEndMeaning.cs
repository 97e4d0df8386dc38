using System.Globalization;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <param name="SipStatus">The final response when the call has not been answered yet.</param>
/// <param name="Q850Cause">The cause in the BYE's Reason header (RFC 3326, Q.850) when it has.</param>
/// <param name="Tag">The value of the metric's tag, also the record's.</param>
/// <param name="Blame">Whose doing it is.</param>
/// <param name="Apologise">The caller is owed a recorded word before the BYE.</param>
/// <param name="Text">In words, for the Reason header, the log and the call's page.</param>
public sealed record CallEndMeaning(int SipStatus, int Q850Cause, string Tag, Blame Blame, bool Apologise, string Text)
{
    private static readonly TimeSpan UsualRetryAfter = TimeSpan.FromSeconds(5);

    public string ReasonHeader => $"Q.850;cause={Q850Cause};text=\"{Text}\"";

    /// <summary>The final response to an INVITE that is not answered. A 503 says when to try again (RFC 3261 section 21.5.4).</summary>
    /// <param name="sip">A call that rings.</param>
    /// <param name="retryAfter">Whole seconds go out; null: 5 s.</param>
    public void Reject(SipCall sip, TimeSpan? retryAfter = null)
    {
        if (SipStatus != 503)
        {
            sip.Reject(SipStatus);
            return;
        }
        var seconds = Math.Max(1, (int)Math.Ceiling((retryAfter ?? UsualRetryAfter).TotalSeconds));
        sip.Reject(503, null, (SipHeaderNames.RetryAfter, seconds.ToString(CultureInfo.InvariantCulture)));
    }
}
