using System.Globalization;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>The status line that a message/sipfrag body begins with (RFC 3420), which is what a NOTIFY about a REFER reports.</summary>
internal static class SipFragment
{
    public const string ContentType = "message/sipfrag";
    private const string Version = "SIP/2.0 ";
    private const int LongestLine = 256;

    /// <summary>Section 2.4.5 of RFC 3515: the status line is enough, and tells the peer nothing that is not its business.</summary>
    public static string WriteStatus(int status, string reason) =>
        string.Create(CultureInfo.InvariantCulture, $"{Version}{status} {SipGrammar.WithoutControls(reason)}\r\n");

    public static bool TryReadStatus(SipMessage message, out int status, out string reason)
    {
        (status, reason) = (0, "");
        if (message.ContentType != ContentType)
            return false;
        var body = message.Body.Span;
        var end = body.IndexOfAny((byte)'\r', (byte)'\n');
        var line = Encoding.UTF8.GetString(body[..Math.Min(end < 0 ? body.Length : end, LongestLine)]).AsSpan();
        if (!line.StartsWith(Version, StringComparison.OrdinalIgnoreCase))
            return false;
        line = line[Version.Length..].TrimStart();
        if (line.Length < 3 || (line.Length > 3 && line[3] != ' ')
            || !int.TryParse(line[..3], NumberStyles.None, CultureInfo.InvariantCulture, out status) || status is < 100 or > 699)
            return false;
        reason = line[3..].Trim().ToString();
        return true;
    }
}
