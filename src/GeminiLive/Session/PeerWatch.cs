namespace VoiceGateway.GeminiLive;

/// <summary>
/// Looks at connections, all at once and by one timer, as long as there are any: a timer each would wake two threads for every one of them.
/// </summary>
/// <param name="deadPeer">How long a peer may acknowledge nothing.</param>
internal sealed class PeerWatch(TimeSpan deadPeer, TimeProvider time)
{
    /// <summary>In <c>deadPeer</c>.</summary>
    public const int Looks = 8;

    private readonly Lock _gate = new();
    private readonly HashSet<WatchedPeer> _peers = [];
    private ITimer? _timer;

    /// <summary>Between two looks.</summary>
    public TimeSpan Interval { get; } = deadPeer / Looks;

    public void Add(WatchedPeer peer)
    {
        lock (_gate)
        {
            _peers.Add(peer);
            _timer ??= time.CreateTimer(static watch => ((PeerWatch)watch!).Look(), this, Interval, Interval);
        }
    }

    public void Remove(WatchedPeer peer)
    {
        lock (_gate)
        {
            if (!_peers.Remove(peer) || _peers.Count > 0) return;
            _timer!.Dispose();
            _timer = null;
        }
    }

    private void Look()
    {
        // A microsecond for each of them; who waits is coming or going, and is no clock thread.
        lock (_gate)
            foreach (WatchedPeer peer in _peers) peer.Look(Interval);
    }
}
