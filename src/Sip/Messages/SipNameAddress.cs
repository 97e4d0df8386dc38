using System.Runtime.CompilerServices;

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
        if (!TrySplit(text, out var name, out var uriText, out var list) || !SipUri.TryParse(uriText, out var uri)
            || !SipParameters.TryParse(list, out var parameters) || (parameters.Contains("tag") && !SipGrammar.IsToken(parameters.Get("tag"))))
        {
            return false;
        }

        address = new SipNameAddress(uri!, name.IsEmpty ? null : SipGrammar.Unquote(name), parameters);
        return true;
    }

    /// <summary>Always in brackets, the display name always quoted: the form that needs no further rules.</summary>
    public override string ToString()
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        if (DisplayName is not null)
        {
            text.AppendLiteral(SipGrammar.Quote(DisplayName));
            text.AppendLiteral(" ");
        }

        text.AppendLiteral("<");
        Uri.AppendTo(ref text);
        text.AppendLiteral(">");
        Parameters.AppendTo(ref text);
        return text.ToStringAndClear();
    }

    /// <summary>Whether <see cref="TryParse(ReadOnlySpan{char}, out SipNameAddress?)"/> would read it.</summary>
    internal static bool IsValid(ReadOnlySpan<char> text)
    {
        Span<SipParameterSlice> slices = stackalloc SipParameterSlice[SipParameters.MaxCount];
        return TrySplit(text, out _, out var uri, out var list) && SipUri.IsValid(uri) && SipParameters.TryScan(list, slices, out var count)
            && (!SipParameters.TryFind(list, slices[..count], "tag", out var tag) || SipGrammar.IsToken(tag.Value(list)));
    }

    /// <summary>Display name as written, URI without its brackets, parameters with their semicolons; the latter two not looked into.</summary>
    private static bool TrySplit(ReadOnlySpan<char> text, out ReadOnlySpan<char> name, out ReadOnlySpan<char> uri, out ReadOnlySpan<char> parameters)
    {
        name = uri = parameters = default;
        text = SipGrammar.Trim(text);
        if (text.IsEmpty || !SipGrammar.IsHeaderValue(text))
            return false;
        var rest = text;
        if (text[0] == '"')
        {
            var close = SipGrammar.EndOfQuoted(text, 0);
            if (close < 0)
                return false;
            name = text[..(close + 1)];
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
            name = SipGrammar.Trim(text[..open]);
            if (name.ContainsAny('"', '\\'))
                return false;
            rest = text[open..];
        }

        if (rest[0] == '<')
        {
            // Blanks just inside the brackets are against the grammar and harmless (RFC 4475 section 3.1.2.14).
            var close = rest.IndexOf('>');
            if (close < 0)
                return false;
            uri = SipGrammar.Trim(rest[1..close]);
            parameters = rest[(close + 1)..];
            return true;
        }

        // Without brackets every semicolon starts a parameter of the header, and the URI has no comma or question mark (section 20).
        var semicolon = rest.IndexOf(';');
        uri = SipGrammar.Trim(semicolon < 0 ? rest : rest[..semicolon]);
        parameters = semicolon < 0 ? default : rest[semicolon..];
        return !uri.ContainsAny(',', '?');
    }
}
