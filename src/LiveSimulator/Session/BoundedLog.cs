namespace VoiceGateway.LiveSimulator;

/// <summary>The first so many entries, readable while it is being written; later ones are only counted.</summary>
internal sealed class BoundedLog<T>(int capacity)
{
    private readonly Lock _gate = new();
    private readonly List<T> _entries = [];

    public long Dropped { get; private set; }

    public void Add(T entry)
    {
        lock (_gate)
        {
            if (_entries.Count < capacity)
                _entries.Add(entry);
            else
                Dropped++;
        }
    }

    public bool Replace(Predicate<T> which, Func<T, T> change)
    {
        lock (_gate)
        {
            var index = _entries.FindLastIndex(which);
            if (index < 0)
                return false;
            _entries[index] = change(_entries[index]);
            return true;
        }
    }

    public T[] Snapshot()
    {
        lock (_gate)
            return [.. _entries];
    }
}
