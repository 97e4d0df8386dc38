using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>Who was dialled before the call came here: the newest entry of Diversion (RFC 5806), else of History-Info (RFC 7044).</summary>
internal static class Redirection
{
    private const int LongestReason = 32;

    /// <summary>Whether one value of Diversion or History-Info names somebody who does not want to be named; also what cannot be read.</summary>
    public static bool IsWithheld(SipRequest invite, string header, string value)
    {
        var isHistory = header.Equals(SipHeaderNames.HistoryInfo, StringComparison.OrdinalIgnoreCase);
        if (!isHistory && !header.Equals(SipHeaderNames.Diversion, StringComparison.OrdinalIgnoreCase)) return false;
        if (!SipNameAddress.TryParse(value, out var entry)) return true;
        return isHistory ? WithholdsHistory(invite) || IsAnonymous(entry!) : IsWithheld(entry!);
    }

    public static (string? From, string? Because) Read(SipRequest invite)
    {
        // RFC 5806 section 4: the topmost is the last that diverted.
        foreach (var value in invite.Headers.GetAll(SipHeaderNames.Diversion))
        {
            if (!SipNameAddress.TryParse(value, out var diversion)) continue;
            var reason = diversion!.Parameters.GetUnquoted("reason")?.ToLowerInvariant();
            return (IsWithheld(diversion) ? null : Known(diversion.Uri), reason?.Length > LongestReason ? null : reason);
        }
        return ReadHistory(invite);
    }

    /// <summary>Entries stand in order of time: the last is for us, the one before it was dialled before (RFC 7044 section 10.3).</summary>
    private static (string? From, string? Because) ReadHistory(SipRequest invite)
    {
        List<SipNameAddress> entries = [];
        foreach (var value in invite.Headers.GetAll(SipHeaderNames.HistoryInfo).Take(16))
            if (SipNameAddress.TryParse(value, out var entry)) entries.Add(entry!);
        if (entries is not [.., var before, var now] || Known(before.Uri) is not { } dialled || dialled == Known(now.Uri)) return (null, null);
        // RFC 4458: the target of the diversion carries its cause; section 10.2: or the one that was left has a Reason.
        var cause = now.Uri.Parameters.Get("cause") ?? CauseOf(before.Uri);
        return (WithholdsHistory(invite) || IsAnonymous(before) ? null : dialled, BecauseOf(cause));
    }

    // RFC 7044 section 10.1.2: for all entries together, by the request's own Privacy.
    private static bool WithholdsHistory(SipRequest invite) => AssertedIdentity.Asks(invite, static p => p is "history" or "header" or "full");

    private static string? CauseOf(SipUri uri)
    {
        var reason = uri.Headers.FirstOrDefault(static h => h.Name.Equals(SipHeaderNames.Reason, StringComparison.OrdinalIgnoreCase)).Value ?? "";
        var text = Uri.UnescapeDataString(reason);
        var at = text.IndexOf("cause=", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : string.Concat(text.Skip(at + "cause=".Length).TakeWhile(char.IsAsciiDigit));
    }

    /// <summary>The causes of RFC 4458 section 2.1 in the words of RFC 5806.</summary>
    private static string? BecauseOf(string? cause) => cause switch
    {
        null or "" => null,
        "302" => "unconditional",
        "486" => "user-busy",
        "408" => "no-answer",
        "480" or "487" => "deflection",
        "503" => "unavailable",
        _ => "unknown",
    };

    private static bool IsWithheld(SipNameAddress diversion) => diversion.Parameters.GetUnquoted("privacy")?.ToLowerInvariant() is "full" or "name" or "uri";

    private static bool IsAnonymous(SipNameAddress entry) =>
        entry.Uri.Headers.Any(static h => h.Name.Equals(SipHeaderNames.Privacy, StringComparison.OrdinalIgnoreCase) && h.Value?.StartsWith("none", StringComparison.OrdinalIgnoreCase) != true);

    private static string? Known(SipUri uri) => DialledNumber.Of(uri) is { Length: > 0 } number ? number : null;
}
