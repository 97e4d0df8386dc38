namespace VoiceGateway.Sip;

/// <summary>
/// Hops that lately failed, so that the next request does not wait for the same silence (RFC 3263 section 4.3). A hop on it is
/// tried last, never left out: where nothing else is left it is still the best there is.
/// </summary>
internal sealed class HopBlackList(TimeProvider time)
{
    private const int MostListed = 1024;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<SipHop, Entry> _entries = [];
    private volatile bool _isEmpty = true;

    /// <summary>
    /// Lists a hop: for as long as it asked for (Retry-After, an hour at most), else for 30 s, and twice as long with each further
    /// failure, up to 5 minutes.
    /// </summary>
    public void Add(SipHop hop, TimeSpan? duration = null)
    {
        if (duration <= TimeSpan.Zero)
            return; // Retry-After: 0 is no wish to be left alone
        long now = time.GetTimestamp();
        var key = KeyOf(hop);
        lock (_gate)
        {
            int failures = _entries.TryGetValue(key, out var known) && !IsForgotten(known, now) ? known.Failures + 1 : 1;
            var wait = duration is { } asked ? Min(asked, LongestAsked) : Min(First * Math.Pow(2, Math.Min(failures - 1, 16)), Longest);
            if (known is null && _entries.Count >= MostListed)
                MakeRoom(now);
            _entries[key] = new Entry(now, wait, failures);
            _isEmpty = false;
        }
    }

    public bool IsListed(SipHop hop)
    {
        if (_isEmpty)
            return false;
        lock (_gate)
            return _entries.TryGetValue(KeyOf(hop), out var entry) && Remaining(entry, time.GetTimestamp()) > TimeSpan.Zero;
    }

    /// <summary>The hop has answered: its failures are forgotten.</summary>
    public void Remove(SipHop hop)
    {
        if (_isEmpty)
            return;
        lock (_gate)
        {
            _entries.Remove(KeyOf(hop));
            _isEmpty = _entries.Count == 0;
        }
    }

    /// <summary>Those listed now, for people to look at.</summary>
    public IReadOnlyList<SipListedHop> Snapshot()
    {
        if (_isEmpty)
            return [];
        long now = time.GetTimestamp();
        lock (_gate)
        {
            return
            [
                .. from entry in _entries
                   let remaining = Remaining(entry.Value, now)
                   where remaining > TimeSpan.Zero
                   select new SipListedHop(entry.Key.Kind, entry.Key.EndPoint, entry.Key.HostName, remaining, entry.Value.Failures),
            ];
        }
    }

    /// <summary>The name matters only where a certificate is checked against it: over UDP and TCP two domains share one server's fate.</summary>
    private static SipHop KeyOf(SipHop hop) => hop.Kind == SipTransportKind.Tls || hop.HostName is null ? hop : hop with { HostName = null };

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private TimeSpan Remaining(Entry entry, long now) => entry.Duration - time.GetElapsedTime(entry.ListedAt, now);

    /// <summary>A failure counts as a further one until the hop has been off the list for as long as it could be on it.</summary>
    private bool IsForgotten(Entry entry, long now) => Remaining(entry, now) < -Longest;

    /// <summary>What is over goes first; with nothing over, whatever is over soonest.</summary>
    private void MakeRoom(long now)
    {
        foreach (var (hop, _) in _entries.Where(entry => Remaining(entry.Value, now) <= TimeSpan.Zero).ToArray())
            _entries.Remove(hop);
        if (_entries.Count >= MostListed)
            _entries.Remove(_entries.MinBy(entry => Remaining(entry.Value, now)).Key);
    }

    private sealed record Entry(long ListedAt, TimeSpan Duration, int Failures);
}
