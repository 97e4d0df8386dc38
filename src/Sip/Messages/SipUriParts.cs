using System.Buffers;

namespace VoiceGateway.Sip;

/// <summary>A URI taken apart without a copy of anything; <see cref="SipUri"/> makes its strings of this.</summary>
internal ref struct SipUriParts
{
    private const string TelephoneDigits = "0123456789ABCDEFabcdef*#";

    private static readonly SearchValues<char> PlainChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'()*+,-./:;=?@[]^_`{|}~");

    private static readonly SearchValues<char> TelephoneChars = SearchValues.Create(TelephoneDigits + "-.()");
    private static readonly SearchValues<char> DigitChars = SearchValues.Create(TelephoneDigits);

    /// <summary>sip, sips and tel in lower case; empty for another, which <see cref="OtherScheme"/> holds as written.</summary>
    public string Scheme { get; private set; }

    public ReadOnlySpan<char> OtherScheme { get; private set; }

    public bool HasUser { get; private set; }

    /// <summary>The number of a tel URI.</summary>
    public ReadOnlySpan<char> User { get; private set; }

    public bool HasPassword { get; private set; }

    public ReadOnlySpan<char> Password { get; private set; }

    public ReadOnlySpan<char> Host { get; private set; }

    public int? Port { get; private set; }

    /// <summary>With their semicolons; not looked into.</summary>
    public ReadOnlySpan<char> Parameters { get; private set; }

    public bool HasHeaders { get; private set; }

    /// <summary>What follows "?"; not looked into.</summary>
    public ReadOnlySpan<char> Headers { get; private set; }

    /// <summary>What follows the colon of a scheme that is not ours.</summary>
    public ReadOnlySpan<char> Opaque { get; private set; }

    public static bool TrySplit(ReadOnlySpan<char> text, out SipUriParts parts)
    {
        parts = default;
        parts.Scheme = "";
        var colon = text.IndexOf(':');
        if (colon < 1 || !IsScheme(text[..colon]))
            return false;
        var rest = text[(colon + 1)..];
        if (rest.IsEmpty || !IsUriText(rest))
            return false;
        var scheme = text[..colon];
        if (scheme.Equals("sip", StringComparison.OrdinalIgnoreCase))
            return parts.TrySplitSip("sip", rest);
        if (scheme.Equals("sips", StringComparison.OrdinalIgnoreCase))
            return parts.TrySplitSip("sips", rest);
        if (scheme.Equals("tel", StringComparison.OrdinalIgnoreCase))
            return parts.TrySplitTel(rest);
        parts.OtherScheme = scheme;
        parts.Opaque = rest;
        return true;
    }

    private bool TrySplitSip(string scheme, ReadOnlySpan<char> rest)
    {
        Scheme = scheme;
        if (!SipEscaping.AreEscapesValid(rest))
            return false;

        // The user part may hold ";", "?" and "/" unescaped, so the "@" is looked for first (RFC 4475 section 3.1.1.2).
        if (rest.IndexOf('@') is >= 0 and var at)
        {
            var userInfo = rest[..at];
            var colon = userInfo.IndexOf(':');
            HasUser = true;
            User = colon < 0 ? userInfo : userInfo[..colon];
            HasPassword = colon >= 0;
            Password = colon < 0 ? default : userInfo[(colon + 1)..];
            if (User.IsEmpty)
                return false;
            rest = rest[(at + 1)..];
        }

        var question = rest.IndexOf('?');
        if (question >= 0)
        {
            HasHeaders = true;
            Headers = rest[(question + 1)..];
            rest = rest[..question];
        }

        var semicolon = rest.IndexOf(';');
        Parameters = semicolon < 0 ? default : rest[semicolon..];
        if (!SipGrammar.TrySplitHostPort(semicolon < 0 ? rest : rest[..semicolon], out var host, out var port))
            return false;
        Host = host;
        Port = port;
        return true;
    }

    private bool TrySplitTel(ReadOnlySpan<char> rest)
    {
        Scheme = "tel";
        var semicolon = rest.IndexOf(';');
        HasUser = true;
        User = semicolon < 0 ? rest : rest[..semicolon];
        Parameters = semicolon < 0 ? default : rest[semicolon..];
        var digits = !User.IsEmpty && User[0] == '+' ? User[1..] : User;
        return !digits.IsEmpty && !digits.ContainsAnyExcept(TelephoneChars) && digits.ContainsAny(DigitChars);
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetter(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
                return false;
        }

        return true;
    }

    // Raw UTF-8 in a user part is against the grammar, but telephones send it.
    private static bool IsUriText(ReadOnlySpan<char> text)
    {
        var other = text.IndexOfAnyExcept(PlainChars);
        if (other < 0)
            return true;
        foreach (var c in text[other..])
        {
            if (c is <= ' ' or '"' or '<' or '>' or '\\' or '\u007f' || char.IsControl(c))
                return false;
        }

        return true;
    }
}
