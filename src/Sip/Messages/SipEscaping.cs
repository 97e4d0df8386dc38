using System.Buffers;
using System.Globalization;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>The %-escapes of a SIP URI (RFC 3261 sections 19.1.2 and 25.1). Escaped bytes are UTF-8.</summary>
internal static class SipEscaping
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Mark = "-_.!~*'()";
    private const string Reserved = ";/?:@&=+$,";

    /// <summary><c>unreserved / user-unreserved</c>, without "?" and "/", which trip readers that look for them before the "@".</summary>
    public static readonly SearchValues<char> UserChars = SearchValues.Create(Alphanumeric + Mark + "&=+$,;");

    /// <summary><c>unreserved</c> and what a header value in a URI may hold besides.</summary>
    public static readonly SearchValues<char> HeaderChars = SearchValues.Create(Alphanumeric + Mark + "[]/?:+$");

    public static bool AreEscapesValid(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('%') is >= 0 and var at)
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
                return false;
            text = text[(at + 3)..];
        }

        return true;
    }

    public static string Escape(string text, SearchValues<char> allowed)
    {
        if (!text.AsSpan().ContainsAnyExcept(allowed))
            return text;
        var escaped = new StringBuilder(text.Length + 8);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && allowed.Contains((char)rune.Value))
            {
                escaped.Append((char)rune.Value);
                continue;
            }

            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
                escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return escaped.ToString();
    }

    public static string Unescape(string text)
    {
        if (!text.Contains('%'))
            return text;
        var bytes = new ArrayBufferWriter<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (rest[0] == '%' && rest.Length > 2 && byte.TryParse(rest[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Write([b]);
                rest = rest[3..];
                continue;
            }

            Rune.DecodeFromUtf16(rest, out var rune, out var used);
            bytes.Write(utf8[..rune.EncodeToUtf8(utf8)]);
            rest = rest[used..];
        }

        return Utf8Text.GetString(bytes.WrittenSpan);
    }

    /// <summary>
    /// The form in which equivalent texts are equal (section 19.1.4): an escape equals its character unless that character is reserved.
    /// </summary>
    public static string Normalize(string text)
    {
        if (!text.Contains('%'))
            return text;
        var normal = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%' || i + 2 >= text.Length ||
                !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                normal.Append(text[i]);
                continue;
            }

            if (b is > 0x20 and < 0x7f && b != '%' && !Reserved.Contains((char)b))
                normal.Append((char)b);
            else
                normal.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            i += 2;
        }

        return normal.ToString();
    }
}
