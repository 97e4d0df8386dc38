using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>The user of a URI as routes and agents know it, however the other side spells it.</summary>
internal static class DialledNumber
{
    /// <summary>
    /// A telephone number loses separators and parameters (<c>tel:+49-30-123;phone-context=…</c>, <c>sip:+49(30)123;isub=1@host;user=phone</c>,
    /// RFC 3966 and RFC 3261 section 19.1.6); anything else is the name of an extension and stays as it is. Empty: there is no user.
    /// A phone-context says where a local number is valid and is no prefix of it (RFC 3966 section 5.1.5).
    /// </summary>
    public static string Of(SipUri uri)
    {
        if (uri.User is not { Length: > 0 } user) return "";
        var isNumber = uri.IsTel || user[0] == '+' || string.Equals(uri.Parameters.Get("user"), "phone", StringComparison.OrdinalIgnoreCase);
        if (isNumber && uri.TelephoneNumber is { } number) return number;
        var end = user.IndexOf(';');
        return end < 0 ? user : user[..end];
    }
}
