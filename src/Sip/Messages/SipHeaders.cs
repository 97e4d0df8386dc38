using System.Collections;

namespace VoiceGateway.Sip;

/// <summary>
/// The headers of a message in order, those not understood included. Names are matched without regard to case, and compact and long
/// forms are one name. Via, Route, Record-Route, Contact and the other address lists hold one element an entry, whether they came as
/// several lines or as one with commas.
/// </summary>
public sealed class SipHeaders : IReadOnlyList<SipHeader>
{
    private readonly List<SipHeader> _items = new(16);

    /// <summary>Counts changes, so that what was read from the headers can be kept until they change.</summary>
    internal int Version { get; private set; }

    public int Count => _items.Count;

    public SipHeader this[int index] => _items[index];

    /// <summary>Whether a header can be written without changing where the next one starts.</summary>
    public static bool IsValid(string name, string value) => SipGrammar.IsToken(name) && SipGrammar.IsHeaderValue(value);

    /// <summary>The first value, or null.</summary>
    public string? Get(string name)
    {
        var at = IndexOf(name);
        return at < 0 ? null : _items[at].Value;
    }

    public bool Contains(string name) => IndexOf(name) >= 0;

    /// <summary>Every value in order, as the lines have them (address lists: one element each).</summary>
    public IEnumerable<string> GetAll(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        foreach (var item in _items)
        {
            if (Same(item.Name, canonical))
                yield return item.Value;
        }
    }

    /// <summary>The elements of a header that is a comma-separated list, such as Supported or Allow; empty elements are left out.</summary>
    public IReadOnlyList<string> GetList(string name)
    {
        List<string> elements = [];
        foreach (var value in GetAll(name))
        {
            var rest = value.AsSpan();
            while (true)
            {
                var end = SipGrammar.IndexOfTopLevel(rest, ',');
                var element = SipGrammar.Trim(end < 0 ? rest : rest[..end]);
                if (!element.IsEmpty)
                    elements.Add(element.ToString());
                if (end < 0 || end == rest.Length)
                    break;
                rest = rest[(end + 1)..];
            }
        }

        return elements;
    }

    /// <summary>Whether a token list (Supported, Require, Allow…) names the token.</summary>
    public bool ListContains(string name, string token) => GetList(name).Contains(token, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">The name is no token, or the value holds a line end or other control.</exception>
    public SipHeaders Add(string name, string value)
    {
        Insert(_items.Count, Checked(name, value));
        return this;
    }

    /// <summary>Puts the header before the others of its name, or first of all when there is none.</summary>
    /// <exception cref="ArgumentException">See <see cref="Add"/>.</exception>
    public SipHeaders InsertFirst(string name, string value)
    {
        Insert(Math.Max(IndexOf(name), 0), Checked(name, value));
        return this;
    }

    /// <summary>Makes this the only header of its name; the first keeps its place.</summary>
    /// <exception cref="ArgumentException">See <see cref="Add"/>.</exception>
    public SipHeaders Set(string name, string value)
    {
        var header = Checked(name, value);
        var at = IndexOf(name);
        if (at < 0)
        {
            Insert(_items.Count, header);
            return this;
        }

        _items[at] = header;
        for (var i = _items.Count - 1; i > at; i--)
        {
            if (Same(_items[i].Name, header.Name))
                _items.RemoveAt(i);
        }

        Version++;
        return this;
    }

    /// <summary>Replaces the first header of the name and leaves the others (the topmost Via), or adds it.</summary>
    /// <exception cref="ArgumentException">See <see cref="Add"/>.</exception>
    public SipHeaders SetFirst(string name, string value)
    {
        var at = IndexOf(name);
        if (at < 0)
            return Add(name, value);
        _items[at] = Checked(name, value);
        Version++;
        return this;
    }

    /// <summary>Removes every header of the name.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        Version++;
        return _items.RemoveAll(item => Same(item.Name, canonical)) > 0;
    }

    /// <returns>Whether there was one.</returns>
    public bool RemoveFirst(string name)
    {
        var at = IndexOf(name);
        if (at < 0)
            return false;
        _items.RemoveAt(at);
        Version++;
        return true;
    }

    public IEnumerator<SipHeader> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds what has been read from a message, or is copied from one, bytes and all.</summary>
    internal void AddReceived(SipHeader header) => Insert(_items.Count, header);

    /// <summary>Appends every header of the name from another message.</summary>
    internal void CopyFrom(SipHeaders source, string canonicalName)
    {
        foreach (var item in source._items)
        {
            if (Same(item.Name, canonicalName))
                Insert(_items.Count, item);
        }
    }

    internal SipHeaders Clone()
    {
        var copy = new SipHeaders();
        copy._items.AddRange(_items);
        return copy;
    }

    private static SipHeader Checked(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (!IsValid(name, value))
            throw new ArgumentException($"The header '{SipGrammar.WithoutControls(name)}' would not stay on its line.", nameof(value));
        return new SipHeader(SipHeaderNames.Canonical(name), SipGrammar.Trim(value).ToString());
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private void Insert(int at, SipHeader header)
    {
        _items.Insert(at, header);
        Version++;
    }

    private int IndexOf(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        for (var i = 0; i < _items.Count; i++)
        {
            if (Same(_items[i].Name, canonical))
                return i;
        }

        return -1;
    }
}
