using System.Collections.ObjectModel;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>
/// The headers of an INVITE that routes and tools may see: X-… and a few that carry something about the call. Their number and
/// size are bounded, whoever sent them.
/// </summary>
internal static class CallHeaders
{
    private const int MostHeaders = 32;
    private const int LongestName = 64;
    private const int LongestValue = 512;
    private const int LongestInAll = 4096;

    // What says who calls is left out where the caller is to stay unknown, or its sender is not believed.
    private static readonly string[] Identifying = [SipHeaderNames.PAssertedIdentity, SipHeaderNames.RemotePartyId];

    private static readonly HashSet<string> Shown = new(
        [SipHeaderNames.UserToUser, SipHeaderNames.Reason, SipHeaderNames.Subject, SipHeaderNames.Diversion, SipHeaderNames.HistoryInfo,
            SipHeaderNames.ReferredBy, SipHeaderNames.AlertInfo, "Call-Info", "Priority", "Organization", .. Identifying],
        StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyDictionary<string, string> None { get; } = ReadOnlyDictionary<string, string>.Empty;

    public static IReadOnlyDictionary<string, string> Read(SipRequest invite, bool isTrusted, bool isPrivate)
    {
        Dictionary<string, string>? headers = null;
        var left = LongestInAll;
        foreach (var header in invite.Headers)
        {
            if (!IsShown(header.Name) || ((isPrivate || !isTrusted) && Identifying.Contains(header.Name, StringComparer.OrdinalIgnoreCase))) continue;
            if (Redirection.IsWithheld(invite, header.Name, header.Value)) continue;
            headers ??= new(StringComparer.OrdinalIgnoreCase);
            var isRepeated = headers.TryGetValue(header.Name, out var before);
            var value = isRepeated ? $"{before}, {header.Value}" : header.Value;
            var size = value.Length - (before?.Length ?? -header.Name.Length);
            if (value.Length > LongestValue || size > left || (!isRepeated && headers.Count == MostHeaders)) continue;
            headers[header.Name] = value;
            left -= size;
        }
        return headers ?? None;
    }

    private static bool IsShown(string name) =>
        name.Length <= LongestName && (name.StartsWith("X-", StringComparison.OrdinalIgnoreCase) || Shown.Contains(name));
}
