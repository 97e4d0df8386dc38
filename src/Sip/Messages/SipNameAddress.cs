namespace VoiceGateway.Sip;

/// <summary>
/// <c>( name-addr / addr-spec ) *( SEMI generic-param )</c>: the value of From, To, Contact, Route, Refer-To and their like
/// (RFC 3261 section 20.10). Immutable.
/// </summary>
public sealed class SipNameAddress
{
    public SipNameAddress(SipUri uri, string? displayName = null, SipParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        Uri = uri;
        DisplayName = string.IsNullOrEmpty(displayName) ? null : displayName;
        Parameters = parameters ?? SipParameters.Empty;
    }

    /// <summary>Plain text: without quotes and quoted-pairs.</summary>
    public string? DisplayName { get; }

    public SipUri Uri { get; }

    /// <summary>Of the header, not of the URI.</summary>
    public SipParameters Parameters { get; }

    public string? Tag => Parameters.Get("tag");

    /// <exception cref="ArgumentException">The tag is no token.</exception>
    public SipNameAddress WithTag(string tag) => WithParameter("tag", tag);

    public SipNameAddress WithoutTag() => new(Uri, DisplayName, Parameters.Without("tag"));

    /// <exception cref="ArgumentException">See <see cref="SipParameters.With"/>.</exception>
    public SipNameAddress WithParameter(string name, string? value = null) => new(Uri, DisplayName, Parameters.With(name, value));

    public static bool TryParse(string? text, out SipNameAddress? address) => TryParse(text.AsSpan(), out address);

    /// <summary>Reads one value that fills the whole text. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SipNameAddress? address)
    {
        address = null;
        text = SipGrammar.Trim(text);
        if (text.IsEmpty || !SipGrammar.IsHeaderValue(text))
            return false;
        string? name = null;
        ReadOnlySpan<char> rest = text;
        if (text[0] == '"')
        {
            var close = SipGrammar.EndOfQuoted(text, 0);
            if (close < 0)
                return false;
            name = SipGrammar.Unquote(text[..(close + 1)]);
            rest = SipGrammar.TrimStart(text[(close + 1)..]);
            if (rest.IsEmpty || rest[0] != '<')
                return false;
        }
        else if (SipGrammar.IndexOfTopLevel(text, ';') is var end && end < 0)
        {
            return false;
        }
        else if (text[..end].IndexOf('<') is >= 0 and var open)
        {
            // A display name that should have been quoted is taken as if it were (RFC 4475 section 3.1.2.15).
            var unquoted = SipGrammar.Trim(text[..open]);
            if (unquoted.ContainsAny("\"\\"))
                return false;
            name = unquoted.ToString();
            rest = text[open..];
        }

        SipUri? uri;
        if (rest[0] == '<')
        {
            // Blanks just inside the brackets are against the grammar and harmless (RFC 4475 section 3.1.2.14).
            var close = rest.IndexOf('>');
            if (close < 0 || !SipUri.TryParse(SipGrammar.Trim(rest[1..close]), out uri))
                return false;
            rest = rest[(close + 1)..];
        }
        else
        {
            // Without brackets every semicolon starts a parameter of the header, and the URI has no comma or question mark (section 20).
            var end = rest.IndexOf(';');
            var bare = SipGrammar.Trim(end < 0 ? rest : rest[..end]);
            if (bare.ContainsAny(",?") || !SipUri.TryParse(bare, out uri))
                return false;
            rest = end < 0 ? default : rest[end..];
        }

        if (!SipParameters.TryParse(rest, out var parameters))
            return false;
        if (parameters.Contains("tag") && !SipGrammar.IsToken(parameters.Get("tag")))
            return false;
        address = new SipNameAddress(uri!, name, parameters);
        return true;
    }

    /// <summary>Always in brackets, the display name always quoted: the form that needs no further rules.</summary>
    public override string ToString() =>
        DisplayName is null ? $"<{Uri}>{Parameters}" : $"{SipGrammar.Quote(DisplayName)} <{Uri}>{Parameters}";
}
