namespace VoiceGateway.LiveSimulator;

/// <summary>The lasting faults of one session, as those who carry them out ask for them. May be changed while the session runs.</summary>
internal sealed class StandingFaults
{
    private readonly Lock _gate = new();

    // Replaced as a whole, so that asking takes no lock: it is done for every message.
    private volatile Entry[] _entries = [];

    public IReadOnlyList<Fault> Snapshot() => [.. _entries.Select(static entry => entry.Fault)];

    /// <summary>A fault takes the place of an earlier one of its kind.</summary>
    public void Set(Fault fault)
    {
        lock (_gate)
            _entries = [.. _entries.Where(entry => entry.Fault.GetType() != fault.GetType()), new Entry(fault)];
    }

    public void Clear()
    {
        lock (_gate)
            _entries = [];
    }

    /// <summary>The fault of that kind, if there is one. It lasts.</summary>
    public T? Find<T>()
        where T : Fault => EntryOf<T>()?.Fault as T;

    /// <summary>The same; the fault counts as used once when the reply ends.</summary>
    public T? ForThisReply<T>()
        where T : Fault.Lasting
    {
        if (EntryOf<T>() is not { } entry)
            return null;
        entry.UsedInReply = true;
        return (T)entry.Fault;
    }

    /// <summary>The same; the fault counts as used once now.</summary>
    public T? Take<T>()
        where T : Fault.Lasting
    {
        if (EntryOf<T>() is not { } entry)
            return null;
        Use(entry);
        return (T)entry.Fault;
    }

    public void ReplyEnded()
    {
        foreach (var entry in _entries.Where(static entry => entry.UsedInReply))
        {
            entry.UsedInReply = false;
            Use(entry);
        }
    }

    private void Use(Entry used)
    {
        lock (_gate)
        {
            if (used.Fault is Fault.Lasting { Times: > 0 } lasting && ++used.Uses >= lasting.Times)
                _entries = [.. _entries.Where(entry => entry != used)];
        }
    }

    private Entry? EntryOf<T>()
    {
        foreach (var entry in _entries)
        {
            if (entry.Fault is T)
                return entry;
        }

        return null;
    }

    private sealed class Entry(Fault fault)
    {
        public Fault Fault => fault;

        public int Uses { get; set; }

        public bool UsedInReply { get; set; }
    }
}
