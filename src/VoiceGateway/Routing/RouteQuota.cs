namespace VoiceGateway.Routing;

/// <summary>One route's sessions and the limit learned for it. Guarded by <see cref="SessionQuota"/>.</summary>
internal sealed class RouteQuota(int? configured, TimeProvider time)
{
    /// <summary>Without a refusal for this long, one session more than the service granted is tried; and so on.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(30);

    /// <summary>A limit that nobody has met for this long says nothing about the service of now.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private int? _learned;
    private long _refusedAt;
    private TimeSpan _pause;

    /// <summary>Places given to calls, open or not.</summary>
    public int Taken { get; set; }

    /// <summary>Sessions that the service has granted.</summary>
    public int Open { get; set; }

    public bool HasRoom(long now) => Limit(now) is not { } limit || Taken < limit;

    public int? Limit(long now)
    {
        if (_learned is not { } learned) return configured;
        var since = time.GetElapsedTime(_refusedAt, now) - _pause;
        if (since >= Memory)
        {
            _learned = null;
            return configured;
        }
        var limit = since < TimeSpan.Zero ? learned : learned + 1 + (int)(since / QuietTime);
        return Math.Min(limit, configured ?? int.MaxValue);
    }

    /// <returns>Null when no refusal holds the limit down, or when it cannot grow any more.</returns>
    public TimeSpan? UntilGrowth(long now)
    {
        if (Limit(now) is not { } limit || limit == configured) return null;
        var since = time.GetElapsedTime(_refusedAt, now) - _pause;
        return since < TimeSpan.Zero ? -since : QuietTime - TimeSpan.FromTicks(since.Ticks % QuietTime.Ticks);
    }

    /// <summary>The service has no more to give than what is open.</summary>
    public void Refused(long now, TimeSpan? retryAfter)
    {
        _learned = Open;
        _refusedAt = now;
        _pause = retryAfter is { } asked && asked > QuietTime ? asked : QuietTime;
        if (_pause > LongestPause) _pause = LongestPause;
    }

    /// <summary>What was on the way when another was refused came through after all.</summary>
    public void Granted()
    {
        if (_learned < Open) _learned = Open;
    }
}
