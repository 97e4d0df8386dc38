using System.Collections;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// The <c>;name=value</c> list of a URI or header value, in order. Immutable. Names are case-insensitive and appear at most once
/// (RFC 3261 sections 7.3.1 and 19.1.1).
/// </summary>
public sealed class SipParameters : IReadOnlyList<SipParameter>
{
    // Duplicates are found by comparing all pairs: the cap keeps that cheap.
    private const int MaxCount = 64;

    public static SipParameters Empty { get; } = new([]);

    private readonly SipParameter[] _items;

    private SipParameters(SipParameter[] items) => _items = items;

    public int Count => _items.Length;

    public SipParameter this[int index] => _items[index];

    /// <summary>The value as written; null when the parameter is absent or has none.</summary>
    public string? Get(string name) => IndexOf(name) is >= 0 and var i ? _items[i].Value : null;

    /// <summary>The value without the quotes and escapes of a quoted string.</summary>
    public string? GetUnquoted(string name) => Get(name) is { } value ? SipGrammar.Unquote(value) : null;

    public bool Contains(string name) => IndexOf(name) >= 0;

    /// <summary>A copy in which the parameter has this value; an existing one keeps its place.</summary>
    /// <exception cref="ArgumentException">The name or value could not be read back as one parameter.</exception>
    public SipParameters With(string name, string? value = null)
    {
        if (!IsName(name) || (value is not null && !IsValue(value)))
            throw new ArgumentException($"'{name}' is no parameter that can be written.", nameof(value));
        var at = IndexOf(name);
        SipParameter[] items = at < 0 ? [.. _items, default] : [.. _items];
        items[at < 0 ? ^1 : at] = new SipParameter(name, value);
        return new SipParameters(items);
    }

    public SipParameters Without(string name) =>
        Contains(name) ? new SipParameters([.. _items.Where(p => !p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))]) : this;

    public IEnumerator<SipParameter> GetEnumerator() => ((IEnumerable<SipParameter>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Every parameter with its leading semicolon.</summary>
    public override string ToString()
    {
        if (_items.Length == 0)
            return "";
        var text = new StringBuilder();
        foreach (var parameter in _items)
        {
            text.Append(';').Append(parameter.Name);
            if (parameter.Value is not null)
                text.Append('=').Append(parameter.Value);
        }

        return text.ToString();
    }

    /// <summary>Reads <c>*( SEMI name [ EQUAL value ] )</c> that fills the whole text; blanks around the separators are skipped.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out SipParameters parameters)
    {
        parameters = Empty;
        text = SipGrammar.Trim(text);
        if (text.IsEmpty)
            return true;
        List<SipParameter> items = new(4);
        while (!text.IsEmpty)
        {
            if (text[0] != ';' || items.Count == MaxCount)
                return false;
            text = text[1..];
            var end = SipGrammar.IndexOfTopLevel(text, ';');
            if (end < 0 || !TryParseOne(text[..end], out var item))
                return false;
            foreach (var earlier in items)
            {
                if (earlier.Name.Equals(item.Name, StringComparison.OrdinalIgnoreCase))
                    return false;
            }

            items.Add(item);
            text = text[end..];
        }

        parameters = new SipParameters([.. items]);
        return true;
    }

    private static bool TryParseOne(ReadOnlySpan<char> text, out SipParameter item)
    {
        item = default;
        var equals = text.IndexOf('=');
        var name = SipGrammar.Trim(equals < 0 ? text : text[..equals]);
        if (!IsName(name))
            return false;
        if (equals < 0)
        {
            item = new SipParameter(name.ToString(), null);
            return true;
        }

        var value = SipGrammar.Trim(text[(equals + 1)..]);
        if (!IsValue(value))
            return false;
        item = new SipParameter(name.ToString(), value.ToString());
        return true;
    }

    // Tolerant in what else than a token it takes: a URI's parameter may hold "[]/:&+$", a Via's an IPv6 address.
    private static bool IsName(ReadOnlySpan<char> text) =>
        !text.IsEmpty && !text.ContainsAnyExceptInRange('!', '~') && !text.ContainsAny("\"<>,;=?@\\");

    private static bool IsValue(ReadOnlySpan<char> text) =>
        SipGrammar.IsQuotedString(text)
            ? SipGrammar.IsHeaderValue(text)
            : !text.IsEmpty && !text.ContainsAnyExceptInRange('!', '~') && !text.ContainsAny("\"<>,;\\");

    private int IndexOf(string name)
    {
        for (var i = 0; i < _items.Length; i++)
        {
            if (_items[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }
}
