namespace VoiceGateway.Sip;

/// <summary>
/// Which counts of which nonces were used (RFC 7616 section 3.4, nc): each once. Requests may overtake one another, so that a window
/// below the highest count is kept. Bounded: what is forgotten makes every nonce of its time stale, never good again.
/// </summary>
internal sealed class NonceUses(TimeProvider time, TimeSpan lifetime, int most)
{
    private const int Window = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);
    private readonly Queue<(string Nonce, long IssuedAt)> _order = new();
    private long _forgottenUntil = long.MinValue;

    public int Count
    {
        get
        {
            lock (_gate)
                return _uses.Count;
        }
    }

    /// <param name="nonce">Proven to be ours, and not expired.</param>
    /// <param name="issuedAt">When it was made.</param>
    /// <param name="count">nc; 0 for a client of RFC 2069, which has none: its nonce is good for once.</param>
    public DigestOutcome TryUse(string nonce, long issuedAt, uint count)
    {
        lock (_gate)
        {
            if (issuedAt <= _forgottenUntil)
                return DigestOutcome.Stale;
            if (_uses.TryGetValue(nonce, out var use))
                return use.TryCount(count) ? DigestOutcome.Accepted : DigestOutcome.Replayed;
            Forget();
            _uses.Add(nonce, new Use(count));
            _order.Enqueue((nonce, issuedAt));
            return DigestOutcome.Accepted;
        }
    }

    private void Forget()
    {
        while (_order.TryPeek(out var oldest))
        {
            bool isExpired = time.GetElapsedTime(oldest.IssuedAt) > lifetime;
            if (!isExpired && _uses.Count < most)
                return;
            if (!isExpired)
                _forgottenUntil = Math.Max(_forgottenUntil, oldest.IssuedAt);
            _uses.Remove(oldest.Nonce);
            _order.Dequeue();
        }
    }

    private sealed class Use(uint first)
    {
        private readonly bool _isOnce = first == 0;
        private uint _highest = first;
        private ulong _seen = 1; // bit i: highest - i

        public bool TryCount(uint count)
        {
            if (_isOnce || count == 0)
                return false;
            if (count > _highest)
            {
                uint step = count - _highest;
                _seen = step < Window ? (_seen << (int)step) | 1 : 1;
                _highest = count;
                return true;
            }

            uint back = _highest - count;
            if (back >= Window || (_seen & (1UL << (int)back)) != 0)
                return false;
            _seen |= 1UL << (int)back;
            return true;
        }
    }
}
