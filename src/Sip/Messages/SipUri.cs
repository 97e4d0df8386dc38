using System.Net;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// A sip, sips (RFC 3261 section 19.1) or tel (RFC 3966) URI. URIs of other schemes are carried as opaque text, so that a message
/// naming one can still be answered (416 for a Request-URI). Immutable; equality is that of RFC 3261 section 19.1.4.
/// </summary>
public sealed class SipUri : IEquatable<SipUri>
{
    private readonly string? _user;
    private readonly string? _password;

    /// <summary>A sip or sips URI. The user is given in plain text and escaped as needed.</summary>
    /// <exception cref="ArgumentException">The host is neither name nor address, or the port is out of range.</exception>
    public SipUri(string? user, string host, int? port = null, bool secure = false)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (!SipGrammar.IsHost(host))
            throw new ArgumentException($"'{host}' is no host name or address.", nameof(host));
        if (port is < 1 or > 65535)
            throw new ArgumentException("A port is 1 to 65535.", nameof(port));
        Scheme = secure ? "sips" : "sip";
        _user = string.IsNullOrEmpty(user) ? null : SipEscaping.Escape(user, SipEscaping.UserChars);
        Host = host;
        Port = port;
        Parameters = SipParameters.Empty;
        Headers = [];
        Opaque = "";
    }

    private SipUri(
        string scheme, string? user, string? password, string host, int? port, SipParameters parameters, IReadOnlyList<SipParameter> headers, string opaque)
    {
        Scheme = scheme;
        _user = user;
        _password = password;
        Host = host;
        Port = port;
        Parameters = parameters;
        Headers = headers;
        Opaque = opaque;
    }

    /// <summary>In lower case.</summary>
    public string Scheme { get; }

    /// <summary>sip or sips.</summary>
    public bool IsSip => Scheme is "sip" or "sips";

    public bool IsSecure => Scheme == "sips";

    public bool IsTel => Scheme == "tel";

    /// <summary>The user with escapes resolved; the number as written in a tel URI.</summary>
    public string? User => _user is null ? null : SipEscaping.Unescape(_user);

    public string? Password => _password is null ? null : SipEscaping.Unescape(_password);

    /// <summary>Host name or address, IPv6 without its brackets; empty unless <see cref="IsSip"/>.</summary>
    public string Host { get; }

    /// <summary>The host when it is an address.</summary>
    public IPAddress? HostAddress => SipGrammar.ParseAddress(Host);

    public int? Port { get; }

    public SipParameters Parameters { get; }

    internal string? EscapedUser => _user;

    internal string? EscapedPassword => _password;

    /// <summary>What follows "?": names and values as written, still escaped.</summary>
    public IReadOnlyList<SipParameter> Headers { get; }

    /// <summary>What follows the colon of a scheme that is not ours, else empty.</summary>
    public string Opaque { get; }

    /// <summary>The transport parameter in lower case.</summary>
    public string? Transport => Parameters.Get("transport")?.ToLowerInvariant();

    /// <summary>
    /// The telephone number, when the user part is one: without visual separators and without the parameters that carriers put
    /// behind it (<c>+1555;npdi;rn=…</c>). Null for a name.
    /// </summary>
    public string? TelephoneNumber
    {
        get
        {
            if (User is not { } user)
                return null;
            var end = user.IndexOf(';');
            var digits = new StringBuilder(user.Length);
            foreach (var c in end < 0 ? user : user[..end])
            {
                if (char.IsAsciiDigit(c) || c is '*' or '#' || (c == '+' && digits.Length == 0))
                    digits.Append(c);
                else if (c is not ('-' or '.' or '(' or ')' or ' '))
                    return null;
            }

            return digits.Length > 0 && digits.ToString() != "+" ? digits.ToString() : null;
        }
    }

    public SipUri WithUser(string? user) =>
        new(Scheme, string.IsNullOrEmpty(user) ? null : SipEscaping.Escape(user, SipEscaping.UserChars), null, Host, Port, Parameters, Headers, Opaque);

    /// <exception cref="ArgumentException">See <see cref="SipParameters.With"/>.</exception>
    public SipUri WithParameter(string name, string? value = null)
    {
        if (value is not null && value.ContainsAny(['?', '"']))
            throw new ArgumentException("A URI parameter's value is escaped, not quoted.", nameof(value));
        return With(Parameters.With(name, value), Headers);
    }

    public SipUri WithoutParameter(string name) => With(Parameters.Without(name), Headers);

    /// <summary>The URI without its parameters and headers.</summary>
    public SipUri WithoutParameters() => With(SipParameters.Empty, []);

    public SipUri WithoutHeaders() => With(Parameters, []);

    public static bool TryParse(ReadOnlySpan<byte> utf8, out SipUri? uri) => TryParse(Encoding.UTF8.GetString(utf8).AsSpan(), out uri);

    public static bool TryParse(string? text, out SipUri? uri) => TryParse(text.AsSpan(), out uri);

    /// <summary>Reads a URI that fills the whole text. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SipUri? uri)
    {
        uri = null;
        var colon = text.IndexOf(':');
        if (colon < 1 || !IsScheme(text[..colon]))
            return false;
        var rest = text[(colon + 1)..];
        if (rest.IsEmpty || !IsUriText(rest))
            return false;
        if (text[..colon].Equals("sip", StringComparison.OrdinalIgnoreCase))
            return TryParseSip("sip", rest, out uri);
        if (text[..colon].Equals("sips", StringComparison.OrdinalIgnoreCase))
            return TryParseSip("sips", rest, out uri);
        if (text[..colon].Equals("tel", StringComparison.OrdinalIgnoreCase))
            return TryParseTel(rest, out uri);
        uri = new SipUri(text[..colon].ToString().ToLowerInvariant(), null, null, "", null, SipParameters.Empty, [], rest.ToString());
        return true;
    }

    public override string ToString()
    {
        if (!IsSip)
            return IsTel ? $"tel:{_user}{Parameters}" : $"{Scheme}:{Opaque}";
        var text = new StringBuilder(64).Append(Scheme).Append(':');
        if (_user is not null)
        {
            text.Append(_user);
            if (_password is not null)
                text.Append(':').Append(_password);
            text.Append('@');
        }

        text.Append(SipGrammar.FormatHostPort(Host, Port)).Append(Parameters.ToString());
        for (var i = 0; i < Headers.Count; i++)
            text.Append(i == 0 ? '?' : '&').Append(Headers[i].Name).Append('=').Append(Headers[i].Value);
        return text.ToString();
    }

    /// <summary>
    /// RFC 3261 section 19.1.4. Mind that this is not transitive: a parameter that only one of the two has is ignored unless it is
    /// one of those that select another resource.
    /// </summary>
    public bool Equals(SipUri? other) => other is not null && SipUriEquality.AreEqual(this, other);

    public override bool Equals(object? obj) => Equals(obj as SipUri);

    public override int GetHashCode() => SipUriEquality.GetHashCode(this);

    private SipUri With(SipParameters parameters, IReadOnlyList<SipParameter> headers) =>
        new(Scheme, _user, _password, Host, Port, parameters, headers, Opaque);

    private static bool TryParseSip(string scheme, ReadOnlySpan<char> rest, out SipUri? uri)
    {
        uri = null;
        if (!SipEscaping.AreEscapesValid(rest))
            return false;
        string? user = null, password = null;

        // The user part may hold ";", "?" and "/" unescaped, so the "@" is looked for first (RFC 4475 section 3.1.1.2).
        if (rest.IndexOf('@') is >= 0 and var at)
        {
            var userInfo = rest[..at];
            var colon = userInfo.IndexOf(':');
            user = (colon < 0 ? userInfo : userInfo[..colon]).ToString();
            password = colon < 0 ? null : userInfo[(colon + 1)..].ToString();
            if (user.Length == 0)
                return false;
            rest = rest[(at + 1)..];
        }

        var question = rest.IndexOf('?');
        IReadOnlyList<SipParameter> headers = [];
        if (question >= 0)
        {
            if (!TryParseHeaders(rest[(question + 1)..], out headers))
                return false;
            rest = rest[..question];
        }

        var semicolon = rest.IndexOf(';');
        if (!SipParameters.TryParse(semicolon < 0 ? default : rest[semicolon..], out var parameters))
            return false;
        if (!SipGrammar.TryParseHostPort(semicolon < 0 ? rest : rest[..semicolon], out var host, out var port))
            return false;
        uri = new SipUri(scheme, user, password, host, port, parameters, headers, "");
        return true;
    }

    private static bool TryParseTel(ReadOnlySpan<char> rest, out SipUri? uri)
    {
        uri = null;
        var semicolon = rest.IndexOf(';');
        var number = semicolon < 0 ? rest : rest[..semicolon];
        var digits = !number.IsEmpty && number[0] == '+' ? number[1..] : number;
        if (digits.IsEmpty || digits.ContainsAnyExcept("0123456789ABCDEFabcdef*#-.()") || !digits.ContainsAny("0123456789ABCDEFabcdef*#"))
            return false;
        if (!SipParameters.TryParse(semicolon < 0 ? default : rest[semicolon..], out var parameters))
            return false;
        uri = new SipUri("tel", number.ToString(), null, "", null, parameters, [], "");
        return true;
    }

    private static bool TryParseHeaders(ReadOnlySpan<char> text, out IReadOnlyList<SipParameter> headers)
    {
        List<SipParameter> items = [];
        headers = items;
        foreach (var range in text.Split('&'))
        {
            var item = text[range];
            var equals = item.IndexOf('=');
            if (equals < 1 || items.Count == 64)
                return false;
            items.Add(new SipParameter(item[..equals].ToString(), item[(equals + 1)..].ToString()));
        }

        return true;
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
        foreach (var c in text)
        {
            if (c is <= ' ' or '"' or '<' or '>' or '\\' or '\u007f' || char.IsControl(c))
                return false;
        }

        return true;
    }
}
