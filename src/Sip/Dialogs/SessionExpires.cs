using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>The value of Session-Expires (RFC 4028 section 4): delta-seconds, and who refreshes.</summary>
internal readonly record struct SessionExpires(uint Seconds, SessionRefresher? Refresher = null)
{
    private const string Parameter = "refresher";

    /// <summary>Null when the header is absent, or nothing that it could mean.</summary>
    public static SessionExpires? Of(SipMessage message)
    {
        var text = message.Headers.Get(SipHeaderNames.SessionExpires).AsSpan();
        if (!TryParseSeconds(SipGrammar.WithoutParameters(text, out var rest), out var seconds))
            return null;
        if (rest.IsEmpty || !SipParameters.TryParse(rest, out var parameters))
            return new SessionExpires(seconds);
        var refresher = parameters.Get(Parameter);
        return new SessionExpires(seconds, refresher switch
        {
            _ when "uac".Equals(refresher, StringComparison.OrdinalIgnoreCase) => SessionRefresher.Uac,
            _ when "uas".Equals(refresher, StringComparison.OrdinalIgnoreCase) => SessionRefresher.Uas,
            _ => null,
        });
    }

    /// <summary>Min-SE (RFC 4028 section 5); null when it is absent or unreadable.</summary>
    public static uint? MinimumOf(SipMessage message)
    {
        var text = message.Headers.Get(SipHeaderNames.MinSE).AsSpan();
        return TryParseSeconds(SipGrammar.WithoutParameters(text, out _), out var seconds) ? seconds : null;
    }

    public override string ToString() => Refresher is { } refresher
        ? string.Create(CultureInfo.InvariantCulture, $"{Seconds};{Parameter}={(refresher == SessionRefresher.Uac ? "uac" : "uas")}")
        : Seconds.ToString(CultureInfo.InvariantCulture);

    private static bool TryParseSeconds(ReadOnlySpan<char> text, out uint seconds)
    {
        seconds = 0;
        return !text.IsEmpty && SipGrammar.TryParseNumber(text, int.MaxValue, out seconds);
    }
}
