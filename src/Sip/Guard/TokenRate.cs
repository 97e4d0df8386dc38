namespace VoiceGateway.Sip;

/// <summary>
/// A token bucket that is one number: the time until which its tokens are spent (the "generic cell rate algorithm" of ITU-T I.371).
/// Nothing has to be filled up, and a zero is a full bucket.
/// </summary>
internal readonly struct TokenRate
{
    private readonly long _interval;
    private readonly long _tolerance;

    public TokenRate(SipRate rate, TimeProvider time)
    {
        double interval = time.TimestampFrequency / rate.PerSecond;
        _interval = Math.Max((long)interval, double.IsPositiveInfinity(rate.PerSecond) ? 0 : 1);
        _tolerance = (long)Math.Min((double)_interval * rate.Burst, long.MaxValue / 4);
    }

    /// <summary>Takes a token if there is one; the caller holds the lock of <paramref name="spentUntil"/>.</summary>
    public bool TryTake(ref long spentUntil, long now)
    {
        long from = Math.Max(spentUntil, now);
        if (from - now + _interval > _tolerance)
            return _interval == 0;
        spentUntil = from + _interval;
        return true;
    }

    /// <summary>The same for a bucket that several threads use without a lock.</summary>
    public bool TryTakeShared(ref long spentUntil, long now)
    {
        long seen = Volatile.Read(ref spentUntil);
        while (true)
        {
            long next = seen;
            if (!TryTake(ref next, now))
                return false;
            long before = Interlocked.CompareExchange(ref spentUntil, next, seen);
            if (before == seen)
                return true;
            seen = before;
        }
    }
}
