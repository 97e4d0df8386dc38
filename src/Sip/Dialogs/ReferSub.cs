namespace VoiceGateway.Sip;

/// <summary>Refer-Sub (RFC 4488): whether a REFER implies a subscription.</summary>
internal static class ReferSub
{
    /// <summary>The option tag.</summary>
    public const string Extension = "norefersub";

    public const string No = "false";

    /// <summary>Null when the header is absent or says neither; parameters are for extensions yet to come.</summary>
    public static bool? Read(SipMessage message)
    {
        var value = SipGrammar.WithoutParameters(message.Headers.Get(SipHeaderNames.ReferSub), out _);
        return value.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
            : value.Equals(No, StringComparison.OrdinalIgnoreCase) ? false
            : null;
    }
}
