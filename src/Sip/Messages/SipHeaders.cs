using System.Collections;

namespace VoiceGateway.Sip;

/// <summary>
/// The headers of a message in order, those not understood included. Names are matched without regard to case, and compact and long
/// forms are one name. Via, Route, Record-Route, Contact and the other address lists hold one element an entry, whether they came as
/// several lines or as one with commas.
/// </summary>
public sealed class SipHeaders : IReadOnlyList<SipHeader>
{
    private const int UsualCount = 16;

    private SipHeaderSlot[] _slots = [];

    /// <summary>Counts changes, so that what was read from the headers can be kept until they change.</summary>
    internal int Version { get; private set; }

    public int Count { get; private set; }

    public SipHeader this[int index]
    {
        get
        {
            ref var slot = ref Slot(index);
            return new SipHeader(slot.Name, slot.Value);
        }
    }

    /// <summary>Whether a header can be written without changing where the next one starts.</summary>
    public static bool IsValid(string name, string value) => SipGrammar.IsToken(name) && SipGrammar.IsHeaderValue(value);

    /// <summary>The first value, or null.</summary>
    public string? Get(string name)
    {
        var at = IndexOf(name);
        return at < 0 ? null : _slots[at].Value;
    }

    public bool Contains(string name) => IndexOf(name) >= 0;

    /// <summary>Every value in order, as the lines have them (address lists: one element each).</summary>
    public IEnumerable<string> GetAll(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        for (var i = 0; i < Count; i++)
        {
            if (Same(_slots[i].Name, canonical))
                yield return _slots[i].Value;
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
        Insert(Count, Checked(name, value));
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
        var at = IndexOf(header.Name);
        if (at < 0)
        {
            Insert(Count, header);
            return this;
        }

        _slots[at] = header;
        for (var i = Count - 1; i > at; i--)
        {
            if (Same(_slots[i].Name, header.Name))
                RemoveAt(i);
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
        _slots[at] = Checked(name, value);
        Version++;
        return this;
    }

    /// <summary>Removes every header of the name.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name)
    {
        var before = Count;
        var canonical = SipHeaderNames.Canonical(name);
        Version++;
        for (var i = Count - 1; i >= 0; i--)
        {
            if (Same(_slots[i].Name, canonical))
                RemoveAt(i);
        }

        return Count < before;
    }

    /// <returns>Whether there was one.</returns>
    public bool RemoveFirst(string name)
    {
        var at = IndexOf(name);
        if (at < 0)
            return false;
        RemoveAt(at);
        Version++;
        return true;
    }

    public IEnumerator<SipHeader> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds what has been read from a message.</summary>
    internal void AddReceived(in SipHeaderSlot header) => Insert(Count, header);

    /// <summary>Makes room for what is about to be read.</summary>
    internal void Reserve(int count) => Array.Resize(ref _slots, Math.Max(count, Count));

    /// <summary>As it is held, without making text of it.</summary>
    internal ref SipHeaderSlot Slot(int index) => ref _slots.AsSpan(0, Count)[index];

    /// <summary>Index of the first header of the name from <paramref name="start"/> on, or -1.</summary>
    internal int IndexOf(string canonicalName, int start)
    {
        for (var i = start; i < Count; i++)
        {
            if (Same(_slots[i].Name, canonicalName))
                return i;
        }

        return -1;
    }

    /// <summary>Appends every header of the name from another message, bytes and all.</summary>
    internal void CopyFrom(SipHeaders source, string canonicalName)
    {
        for (var i = 0; i < source.Count; i++)
        {
            if (Same(source._slots[i].Name, canonicalName))
                Insert(Count, source._slots[i]);
        }
    }

    internal SipHeaders Clone() => new() { _slots = _slots[..Count], Count = Count };

    private static SipHeaderSlot Checked(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (!IsValid(name, value))
            throw new ArgumentException($"The header '{SipGrammar.WithoutControls(name)}' would not stay on its line.", nameof(value));
        var trimmed = SipGrammar.Trim(value);
        return new SipHeaderSlot(SipHeaderNames.Canonical(name), trimmed.Length == value.Length ? value : trimmed.ToString());
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private void Insert(int at, in SipHeaderSlot header)
    {
        if (Count == _slots.Length)
            Array.Resize(ref _slots, Math.Max(UsualCount, Count * 2));
        _slots.AsSpan(at, Count - at).CopyTo(_slots.AsSpan(at + 1));
        _slots[at] = header;
        Count++;
        Version++;
    }

    private void RemoveAt(int at)
    {
        _slots.AsSpan(at + 1, Count - at - 1).CopyTo(_slots.AsSpan(at));
        _slots[--Count] = default;
    }

    private int IndexOf(string name) => IndexOf(SipHeaderNames.Canonical(name), 0);
}
