namespace VoiceGateway.Turns;

/// <summary>
/// The monotonic marks of one call. Metrics, the call page and the demo all read it, so that a gap has one explanation.
/// Marks come from the clock thread, the Live receive loop and the tool tasks; they are events, never packets,
/// so a short lock of the call's own is all it takes.
/// </summary>
public sealed class TurnTimeline(TimeProvider time)
{
    /// <summary>A call that marks more than this is broken; what comes after is counted and left out.</summary>
    public const int MaxEntries = 20_000;

    private readonly long _origin = time.GetTimestamp();
    private readonly List<TimelineEntry> _entries = new(64);
    private int _dropped;

    public int Dropped => Volatile.Read(ref _dropped);

    public TimeSpan Now => time.GetElapsedTime(_origin);

    public TimeSpan Mark(TimelineMark mark, int value = 0) => MarkAt(mark, time.GetTimestamp(), value);

    /// <param name="mark">What happened.</param>
    /// <param name="timestamp">When, in <see cref="TimeProvider.GetTimestamp"/> units; may lie in the past (the onset of speech).</param>
    /// <param name="value">A number that belongs to the mark.</param>
    public TimeSpan MarkAt(TimelineMark mark, long timestamp, int value = 0)
    {
        var entry = new TimelineEntry(mark, time.GetElapsedTime(_origin, timestamp), value);
        lock (_entries)
        {
            if (_entries.Count < MaxEntries) _entries.Add(entry);
            else _dropped++;
        }
        return entry.Offset;
    }

    /// <summary>All marks in order of time.</summary>
    public IReadOnlyList<TimelineEntry> Snapshot()
    {
        TimelineEntry[] copy;
        lock (_entries) copy = [.. _entries];
        Array.Sort(copy, static (a, b) => a.Offset.CompareTo(b.Offset));
        return copy;
    }
}
