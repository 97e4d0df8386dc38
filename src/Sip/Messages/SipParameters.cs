using System.Buffers;
using System.Collections;
using System.Runtime.CompilerServices;

namespace VoiceGateway.Sip;

/// <summary>
/// The <c>;name=value</c> list of a URI or header value, in order. Immutable. Names are case-insensitive and appear at most once
/// (RFC 3261 sections 7.3.1 and 19.1.1).
/// </summary>
public sealed class SipParameters : IReadOnlyList<SipParameter>
{
    // Duplicates are found by comparing all pairs: the cap keeps that cheap.
    internal const int MaxCount = 64;

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // Tolerant in what else than a token it takes: a URI's parameter may hold "[]/:&+$", a Via's an IPv6 address.
    private static readonly SearchValues<char> NameChars = SearchValues.Create(Letters + "!#$%&'()*+-./:[]^_`{|}~");
    private static readonly SearchValues<char> ValueChars = SearchValues.Create(Letters + "!#$%&'()*+-./:[]^_`{|}~=?@");

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
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        AppendTo(ref text);
        return text.ToStringAndClear();
    }

    internal void AppendTo(ref DefaultInterpolatedStringHandler text)
    {
        foreach (var parameter in _items)
        {
            text.AppendLiteral(";");
            text.AppendLiteral(parameter.Name);
            if (parameter.Value is null)
                continue;
            text.AppendLiteral("=");
            text.AppendLiteral(parameter.Value);
        }
    }

    /// <summary>Reads <c>*( SEMI name [ EQUAL value ] )</c> that fills the whole text; blanks around the separators are skipped.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out SipParameters parameters)
    {
        parameters = Empty;
        if (text.IsEmpty)
            return true;
        Span<SipParameterSlice> slices = stackalloc SipParameterSlice[MaxCount];
        if (!TryScan(text, slices, out var count))
            return false;
        if (count == 0)
            return true;
        var items = new SipParameter[count];
        for (var i = 0; i < count; i++)
            items[i] = slices[i].Read(text);
        parameters = new SipParameters(items);
        return true;
    }

    /// <summary>What <see cref="TryParse"/> would read, without a copy of anything.</summary>
    /// <param name="text">The whole list.</param>
    /// <param name="slices">Room for <see cref="MaxCount"/>; they are slices of <paramref name="text"/>.</param>
    /// <param name="count">How many there are.</param>
    internal static bool TryScan(ReadOnlySpan<char> text, Span<SipParameterSlice> slices, out int count)
    {
        count = 0;
        var at = SipGrammar.SkipBlanks(text, 0);
        text = text.TrimEnd(" \t");
        while (at < text.Length)
        {
            if (text[at] != ';' || count == slices.Length)
                return false;
            at++;
            var length = SipGrammar.IndexOfTopLevel(text[at..], ';');
            if (length < 0 || !TryScanOne(text[..(at + length)], at, out var slice))
                return false;
            foreach (var earlier in slices[..count])
            {
                if (earlier.Name(text).Equals(slice.Name(text), StringComparison.OrdinalIgnoreCase))
                    return false;
            }

            slices[count++] = slice;
            at += length;
        }

        return true;
    }

    /// <summary>Finds a parameter among slices; false when it is not there.</summary>
    internal static bool TryFind(ReadOnlySpan<char> text, ReadOnlySpan<SipParameterSlice> slices, string name, out SipParameterSlice found)
    {
        foreach (var slice in slices)
        {
            if (!slice.Name(text).Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            found = slice;
            return true;
        }

        found = default;
        return false;
    }

    private static bool TryScanOne(ReadOnlySpan<char> text, int start, out SipParameterSlice slice)
    {
        slice = default;
        var equals = text[start..].IndexOf('=');
        var nameStart = SipGrammar.SkipBlanks(text, start);
        var name = (equals < 0 ? text[nameStart..] : text[nameStart..(start + equals)]).TrimEnd(" \t");
        if (!IsName(name))
            return false;
        slice = new SipParameterSlice(nameStart, name.Length, 0, -1);
        if (equals < 0)
            return true;
        var valueStart = SipGrammar.SkipBlanks(text, start + equals + 1);
        var value = text[valueStart..].TrimEnd(" \t");
        slice = slice with { ValueStart = valueStart, ValueLength = value.Length };
        return IsValue(value);
    }

    private static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(NameChars);

    private static bool IsValue(ReadOnlySpan<char> text) =>
        SipGrammar.IsQuotedString(text)
            ? SipGrammar.IsHeaderValue(text)
            : !text.IsEmpty && !text.ContainsAnyExcept(ValueChars);

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
