using System.Net;
using System.Runtime.CompilerServices;
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

    public static bool TryParse(ReadOnlySpan<byte> utf8, out SipUri? uri)
    {
        Span<char> chars = stackalloc char[256];
        return utf8.Length <= chars.Length
            ? TryParse(chars[..Utf8Text.GetChars(utf8, chars)], out uri)
            : TryParse(Utf8Text.GetString(utf8).AsSpan(), out uri);
    }

    public static bool TryParse(string? text, out SipUri? uri) => TryParse(text.AsSpan(), out uri);

    /// <summary>Reads a URI that fills the whole text. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SipUri? uri)
    {
        uri = null;
        if (!SipUriParts.TrySplit(text, out var parts) || !SipParameters.TryParse(parts.Parameters, out var parameters))
            return false;
        IReadOnlyList<SipParameter> headers = [];
        if (parts.HasHeaders && !TryParseHeaders(parts.Headers, out headers))
            return false;
        uri = new SipUri(
            parts.Scheme.Length > 0 ? parts.Scheme : parts.OtherScheme.ToString().ToLowerInvariant(), parts.HasUser ? parts.User.ToString() : null,
            parts.HasPassword ? parts.Password.ToString() : null, parts.Host.ToString(), parts.Port, parameters, headers, parts.Opaque.ToString());
        return true;
    }

    /// <summary>Whether <see cref="TryParse(ReadOnlySpan{char}, out SipUri?)"/> would read it.</summary>
    internal static bool IsValid(ReadOnlySpan<char> text)
    {
        Span<SipParameterSlice> slices = stackalloc SipParameterSlice[SipParameters.MaxCount];
        return SipUriParts.TrySplit(text, out var parts) && SipParameters.TryScan(parts.Parameters, slices, out _)
            && (!parts.HasHeaders || TryParseHeaders(parts.Headers, out _));
    }

    public override string ToString()
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        AppendTo(ref text);
        return text.ToStringAndClear();
    }

    internal void AppendTo(ref DefaultInterpolatedStringHandler text)
    {
        text.AppendLiteral(Scheme);
        text.AppendLiteral(":");
        text.AppendLiteral(_user ?? "");
        if (!IsSip)
        {
            text.AppendLiteral(Opaque);
            Parameters.AppendTo(ref text);
            return;
        }

        if (_password is not null)
        {
            text.AppendLiteral(":");
            text.AppendLiteral(_password);
        }

        if (_user is not null)
            text.AppendLiteral("@");
        SipGrammar.AppendHostPort(ref text, Host, Port);
        Parameters.AppendTo(ref text);
        for (var i = 0; i < Headers.Count; i++)
        {
            text.AppendLiteral(i == 0 ? "?" : "&");
            text.AppendLiteral(Headers[i].Name);
            text.AppendLiteral("=");
            text.AppendLiteral(Headers[i].Value ?? "");
        }
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
}
