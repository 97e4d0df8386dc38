namespace VoiceGateway.Sip;

/// <summary>INVITE with Replaces: the rules of RFC 3891 section 3, before the application is asked. Runs in the new call's mailbox.</summary>
internal static class ReplacesHeader
{
    /// <summary>The option tag.</summary>
    public const string Extension = "replaces";

    /// <summary>False: it is an INVITE like any other.</summary>
    public static bool Receive(SipStack stack, SipCall call)
    {
        string[] values = [.. call.Invite.Headers.GetAll(SipHeaderNames.Replaces)];
        if (values.Length == 0)
            return false;
        if (values.Length > 1 || call.Invite.Headers.Contains(SipHeaderNames.Join) || !SipReplaces.TryParse(values[0], out var replaces))
            call.Reject(400, "Bad Replaces");
        else if (!stack.Calls.TryFind(replaces!.Dialog, out var replaced) || replaced == call)
            call.Reject(481);
        else if (Conflict(replaced, replaces) is { } status)
            call.Reject(status);
        else
            stack.Handler!.OnReplace(call, replaced);
        return true;
    }

    /// <summary>Why that call cannot be replaced; null: it can.</summary>
    private static int? Conflict(SipCall replaced, SipReplaces replaces) => replaced.State switch
    {
        SipCallState.Ending or SipCallState.Ended => 603,
        SipCallState.Answered or SipCallState.Established => replaces.EarlyOnly ? 486 : null,
        // A call that rings here can be taken only by whom it rings at: by us.
        _ => replaced.IsIncoming ? 481 : null,
    };
}
