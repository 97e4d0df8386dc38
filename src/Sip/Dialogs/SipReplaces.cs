namespace VoiceGateway.Sip;

/// <summary>A Replaces header (RFC 3891 section 6.1): the dialog that a new INVITE takes the place of, as seen by whoever receives it.</summary>
/// <param name="CallId">Call-ID of that dialog.</param>
/// <param name="ToTag">The receiver's own tag in it.</param>
/// <param name="FromTag">Its peer's.</param>
/// <param name="EarlyOnly">Only while that call still rings.</param>
public sealed record SipReplaces(string CallId, string ToTag, string FromTag, bool EarlyOnly = false)
{
    private const string EarlyOnlyFlag = "early-only";

    /// <summary>RFC 3891 section 6.1: stands for the tag that an RFC 2543 element leaves out.</summary>
    private const string NoTag = "0";

    internal DialogId Dialog => new(CallId, ToTag, FromTag == NoTag ? "" : FromTag);

    /// <summary>Reads a value that fills the whole text. Both tags must be there, once.</summary>
    public static bool TryParse(string? text, out SipReplaces? replaces)
    {
        replaces = null;
        var value = SipGrammar.Trim(text);
        var end = value.IndexOf(';');
        if (end < 1 || !SipGrammar.IsCallId(SipGrammar.Trim(value[..end])) || !SipParameters.TryParse(value[end..], out var parameters))
            return false;
        var (to, from) = (parameters.Get("to-tag"), parameters.Get("from-tag"));
        if (!SipGrammar.IsToken(to) || !SipGrammar.IsToken(from))
            return false;
        replaces = new SipReplaces(SipGrammar.Trim(value[..end]).ToString(), to!, from!, parameters.Contains(EarlyOnlyFlag));
        return true;
    }

    public override string ToString() => $"{CallId};to-tag={ToTag};from-tag={FromTag}{(EarlyOnly ? ";" + EarlyOnlyFlag : "")}";

    /// <summary>For an INVITE to that call's peer.</summary>
    internal static SipReplaces Of(SipDialog dialog) =>
        new(dialog.Id.CallId, dialog.Id.RemoteTag.Length == 0 ? NoTag : dialog.Id.RemoteTag, dialog.Id.LocalTag);
}
