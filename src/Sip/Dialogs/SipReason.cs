using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>One value of a Reason header (RFC 3326): why a BYE, CANCEL or rejection was sent.</summary>
/// <param name="Protocol"><c>SIP</c>, <c>Q.850</c>…</param>
/// <param name="Cause">A SIP status, a Q.850 cause…; null when it says none.</param>
/// <param name="Text">For people; null when it says none.</param>
public sealed record SipReason(string Protocol, int? Cause, string? Text)
{
    /// <summary>Every Reason of a message as one line; null when it has none. One for each protocol may stand in it (section 2).</summary>
    public static string? HeaderOf(SipMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Headers.Contains(SipHeaderNames.Reason) ? string.Join(", ", message.Headers.GetAll(SipHeaderNames.Reason)) : null;
    }

    /// <summary>Reads the values of one header line, one for each protocol. What cannot be read is left out.</summary>
    public static IReadOnlyList<SipReason> ParseAll(string? header)
    {
        List<SipReason> reasons = [];
        var rest = header.AsSpan();
        while (!rest.IsEmpty)
        {
            int end = SipGrammar.IndexOfTopLevel(rest, ',');
            if (end < 0)
                break; // a quote that is never closed
            if (Parse(rest[..end]) is { } reason)
                reasons.Add(reason);
            rest = end == rest.Length ? default : rest[(end + 1)..];
        }

        return reasons;
    }

    private static SipReason? Parse(ReadOnlySpan<char> value)
    {
        var protocol = SipGrammar.WithoutParameters(value, out var rest);
        if (!SipGrammar.IsToken(protocol))
            return null;
        var parameters = SipParameters.Empty;
        if (!rest.IsEmpty && !SipParameters.TryParse(rest, out parameters))
            return null;
        int? cause = SipGrammar.TryParseNumber(parameters.Get("cause"), int.MaxValue, out var number) ? (int)number : null;
        return new SipReason(protocol.ToString(), cause, parameters.GetUnquoted("text"));
    }

    public override string ToString() =>
        Protocol + (Cause is { } cause ? string.Create(CultureInfo.InvariantCulture, $";cause={cause}") : "") + (Text is null ? "" : $";text={SipGrammar.Quote(Text)}");
}
