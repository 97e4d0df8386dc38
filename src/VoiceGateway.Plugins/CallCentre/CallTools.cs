using System.ComponentModel;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.CallCentre;

internal static class CallTools
{
    private const int LongestReason = 200;

    [Description("Ends the call. Use it when the caller has said goodbye or has nothing more to ask. Your goodbye is played to the end first.")]
    public static object HangUp(CallContext call, [Description("Why the call ends, for the record; one short sentence")] string? reason = null)
    {
        reason = string.IsNullOrWhiteSpace(reason) ? "ended by the agent" : reason.Trim();
        call.Control.HangUpAfterPlayout(reason.Length > LongestReason ? reason[..LongestReason] : reason);
        return "The call ends as soon as what you say has been played. If you have not said goodbye yet, do it now in one short sentence; ask nothing more.";
    }
}
