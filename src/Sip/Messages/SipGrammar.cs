using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>The basic rules of RFC 3261 section 25.1 that several headers share.</summary>
internal static class SipGrammar
{
    private static readonly SearchValues<char> TokenChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~");

    private static readonly SearchValues<char> HostNameChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~"u8);

    private static readonly SearchValues<byte> ControlBytes = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    private static readonly SearchValues<char> IPv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenChars);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenBytes);

    /// <summary>What stands before the parameters of a header's value, trimmed, and the parameters with their first semicolon; empty when there are none.</summary>
    public static ReadOnlySpan<char> WithoutParameters(ReadOnlySpan<char> value, out ReadOnlySpan<char> parameters)
    {
        int end = value.IndexOf(';');
        parameters = end < 0 ? default : value[end..];
        return Trim(end < 0 ? value : value[..end]);
    }

    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim(" \t");

    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text) => text.TrimStart(" \t");

    /// <summary>Index of the first character from <paramref name="at"/> on that is no blank, or the length.</summary>
    public static int SkipBlanks(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        return at;
    }

    /// <summary>A Call-ID (section 25.1 <c>callid</c>), tolerantly: visible ASCII without blanks.</summary>
    public static bool IsCallId(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('!', '~');

    /// <summary>
    /// Whether the text can stand as a header's value: no line ends, no controls but tabs, except as the second half of
    /// a quoted-pair, which may be any character below 128 other than CR and LF.
    /// </summary>
    public static bool IsHeaderValue(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\r' or '\n' || (c is (< ' ' and not '\t') or '\u007f' && (i == 0 || text[i - 1] != '\\')))
                return false;
        }

        return true;
    }

    /// <summary>The same of bytes: UTF-8 has no byte below 128 but for those characters.</summary>
    public static bool IsHeaderValue(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOfAny(ControlBytes); at >= 0;)
        {
            if (text[at] is (byte)'\r' or (byte)'\n' || at == 0 || text[at - 1] != '\\')
                return false;
            var next = text[(at + 1)..].IndexOfAny(ControlBytes);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return true;
    }

    /// <summary>Line ends and other controls turned into blanks: for free text such as a reason phrase.</summary>
    public static string WithoutControls(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
            return text;
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }

    /// <summary>
    /// Index of the first <paramref name="separator"/> outside quoted strings and angle brackets, the length when there is none,
    /// -1 when a quote or bracket is left open.
    /// </summary>
    public static int IndexOfTopLevel(ReadOnlySpan<char> text, char separator)
    {
        // Nearly always there is neither quote nor bracket before it.
        var first = text.IndexOf(separator);
        var head = first < 0 ? text : text[..first];
        if (!head.ContainsAny('"', '<', '>'))
            return head.Length;

        var inBrackets = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && !inBrackets)
            {
                i = EndOfQuoted(text, i);
                if (i < 0)
                    return -1;
            }
            else if (c == '<')
            {
                if (inBrackets)
                    return -1;
                inBrackets = true;
            }
            else if (c == '>')
            {
                if (!inBrackets)
                    return -1;
                inBrackets = false;
            }
            else if (c == separator && !inBrackets)
            {
                return i;
            }
        }

        return inBrackets ? -1 : text.Length;
    }

    /// <summary>Index of the quote that closes the quoted string opened at <paramref name="start"/>, or -1.</summary>
    public static int EndOfQuoted(ReadOnlySpan<char> text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i;
        }

        return -1;
    }

    /// <summary>A whole quoted string, its quotes included and nothing after them.</summary>
    public static bool IsQuotedString(ReadOnlySpan<char> text) =>
        text.Length >= 2 && text[0] == '"' && EndOfQuoted(text, 0) == text.Length - 1;

    /// <summary>The text of a quoted string with its quoted-pairs resolved; anything else as it is.</summary>
    public static string Unquote(ReadOnlySpan<char> text)
    {
        if (!IsQuotedString(text))
            return text.ToString();
        var inner = text[1..^1];
        if (!inner.Contains('\\'))
            return inner.ToString();
        var plain = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length)
                i++;
            plain.Append(inner[i]);
        }

        return plain.ToString();
    }

    /// <summary>The text as a quoted string; controls become quoted-pairs, line ends (which cannot be written) blanks.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (c is '\r' or '\n')
            {
                quoted.Append(' ');
                continue;
            }

            if (c is '"' or '\\' or (< ' ' and not '\t') or '\u007f')
                quoted.Append('\\');
            quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>1*DIGIT up to <paramref name="max"/>; leading zeros are fine, signs and blanks are not.</summary>
    public static bool TryParseNumber(ReadOnlySpan<char> text, uint max, out uint value)
    {
        value = 0;
        if (text.IsEmpty)
            return false;
        ulong sum = 0;
        foreach (var c in text)
        {
            if (c is < '0' or > '9')
                return false;
            sum = (sum * 10) + (uint)(c - '0');
            if (sum > max)
                return false;
        }

        value = (uint)sum;
        return true;
    }

    /// <summary>Host name, IPv4 address or bracketed IPv6 reference, with an optional port; blanks around the colon are tolerated.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="host">A slice of the text, IPv6 without its brackets.</param>
    /// <param name="port">Null when there is none.</param>
    public static bool TrySplitHostPort(ReadOnlySpan<char> text, out ReadOnlySpan<char> host, out int? port)
    {
        host = default;
        port = null;
        text = Trim(text);
        ReadOnlySpan<char> rest;
        if (!text.IsEmpty && text[0] == '[')
        {
            var close = text.IndexOf(']');
            if (close < 0 || !TryParseIPv6(text[1..close], out _))
                return false;
            host = text[1..close];
            rest = TrimStart(text[(close + 1)..]);
        }
        else
        {
            var colon = text.IndexOf(':');
            host = Trim(colon < 0 ? text : text[..colon]);
            if (!IsHostName(host))
                return false;
            rest = colon < 0 ? default : text[colon..];
        }

        if (rest.IsEmpty)
            return true;
        if (rest[0] != ':' || !TryParseNumber(TrimStart(rest[1..]), 65535, out var number) || number == 0)
            return false;
        port = (int)number;
        return true;
    }

    /// <summary>
    /// The characters of a host name or IPv4 address. Underscores stand in no DNS host name, yet container and Windows networks use them.
    /// </summary>
    public static bool IsHostName(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text.Length <= 255 && !text.ContainsAnyExcept(HostNameChars) && text[0] is not ('.' or '-') && text.IndexOf("..") < 0;

    /// <summary>A host as <see cref="TrySplitHostPort"/> leaves it: IPv6 without brackets.</summary>
    public static bool IsHost(string host) => IsHostName(host) || TryParseIPv6(host, out _);

    /// <summary>
    /// An IPv6 address without brackets or zone. Three colons before an embedded IPv4 address are read as two: that is what an
    /// element built to the letter of RFC 3261's grammar sends (RFC 5118 section 4.10).
    /// </summary>
    public static bool TryParseIPv6(ReadOnlySpan<char> text, out IPAddress? address)
    {
        address = null;
        if (text.Length is < 2 or > 46 || text.ContainsAnyExcept(IPv6Chars) || !text.Contains(':'))
            return false;
        if (text.IndexOf(":::") is >= 0 and var at && !text[(at + 3)..].Contains(':') && text[(at + 3)..].Contains('.'))
            text = string.Concat(text[..at], text[(at + 1)..]);
        return IPAddress.TryParse(text, out address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>
    /// An IPv4 address in dotted form or an IPv6 address, with or without brackets. IPAddress alone would also read "1" and "0x7f.1".
    /// </summary>
    public static IPAddress? ParseAddress(ReadOnlySpan<char> text)
    {
        if (text.Length > 2 && text[0] == '[' && text[^1] == ']')
            text = text[1..^1];
        if (TryParseIPv6(text, out var v6))
            return v6;
        return text.Count('.') == 3 && !text.ContainsAnyExcept("0123456789.") && IPAddress.TryParse(text, out var v4) ? v4 : null;
    }

    /// <summary>Host and port as written in a URI or Via.</summary>
    public static void AppendHostPort(ref DefaultInterpolatedStringHandler text, string host, int? port)
    {
        var isIPv6 = host.Contains(':');
        if (isIPv6)
            text.AppendLiteral("[");
        text.AppendLiteral(host);
        if (isIPv6)
            text.AppendLiteral("]");
        if (port is not { } number)
            return;
        text.AppendLiteral(":");
        text.AppendFormatted(number);
    }
}
