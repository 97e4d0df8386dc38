using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// A key press in the body of an INFO. No RFC says how: <c>application/dtmf-relay</c> has lines <c>Signal=5</c> and
/// <c>Duration=160</c>, <c>application/dtmf</c> the key alone; keys stand as characters or as the event codes of RFC 4733.
/// </summary>
/// <param name="Digit">0-9, *, #, A-D; null: a hook flash.</param>
/// <param name="DurationMs">As the peer says; null: it does not.</param>
public readonly record struct SipDtmf(char? Digit, int? DurationMs = null)
{
    public const string RelayType = "application/dtmf-relay";
    public const string PlainType = "application/dtmf";
    private const string Keys = "0123456789*#ABCD";
    private const int Flash = 16;
    private const int LongestBody = 256;

    public static bool TryRead(SipMessage info, out SipDtmf key)
    {
        ArgumentNullException.ThrowIfNull(info);
        key = default;
        if (info.Body.IsEmpty || info.Body.Length > LongestBody)
            return false;
        var body = Encoding.ASCII.GetString(info.Body.Span);
        return info.ContentType switch
        {
            RelayType => TryReadRelay(body, out key),
            // Some send the lines of the other type under this one.
            PlainType => body.Contains('=') ? TryReadRelay(body, out key) : TryReadKey(body, null, out key),
            _ => false,
        };
    }

    private static bool TryReadRelay(string body, out SipDtmf key)
    {
        string? signal = null;
        int? duration = null;
        foreach (var line in body.Split('\r', '\n', ';'))
        {
            var equals = line.IndexOf('=');
            if (equals < 0)
                continue;
            var name = line.AsSpan(0, equals).Trim();
            var value = line.AsSpan(equals + 1).Trim();
            if (name.Equals("Signal", StringComparison.OrdinalIgnoreCase))
                signal = value.ToString();
            else if (name.Equals("Duration", StringComparison.OrdinalIgnoreCase) && SipGrammar.TryParseNumber(value, 60_000, out var ms))
                duration = (int)ms;
        }

        return TryReadKey(signal, duration, out key);
    }

    private static bool TryReadKey(string? text, int? duration, out SipDtmf key)
    {
        key = default;
        var signal = text.AsSpan().Trim().Trim('"');
        if (signal.Length == 1 && Keys.IndexOf(char.ToUpperInvariant(signal[0])) is >= 0 and var at)
        {
            key = new SipDtmf(Keys[at], duration);
            return true;
        }

        if (signal.Equals("hf", StringComparison.OrdinalIgnoreCase) || signal is "!")
        {
            key = new SipDtmf(null, duration);
            return true;
        }

        if (!SipGrammar.TryParseNumber(signal, Flash, out var code))
            return false;
        key = new SipDtmf(code == Flash ? null : Keys[(int)code], duration);
        return true;
    }
}
