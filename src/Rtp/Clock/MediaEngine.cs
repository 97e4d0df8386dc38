namespace VoiceGateway.Rtp;

/// <summary>
/// The threads that drive all media, each a <see cref="PlayoutClock"/> with sockets of its own to read. A leg stays for life with the one that
/// it was given to, so nothing of a call is shared between threads.
/// <code>
///   Add ─▶ the least loaded ─┬▶ media 1: clock, epoll, legs
///                            └▶ media 2: clock, epoll, legs …
/// </code>
/// Counters are sums over the threads, and may be read from any.
/// </summary>
public sealed class MediaEngine : IAsyncDisposable
{
    private readonly PlayoutClock[] _clocks;
    private readonly int _legsBeforeNext;
    private readonly Lock _gate = new();

    public MediaEngine(MediaEngineOptions? options = null)
    {
        options ??= new MediaEngineOptions();
        options.Validate();
        _legsBeforeNext = options.LegsBeforeNext;
        _clocks = [.. Enumerable.Range(1, options.ThreadCount).Select(number => new PlayoutClock(options.Clock with { Name = $"media {number}" }))];
    }

    public IReadOnlyList<PlayoutClock> Clocks => _clocks;

    /// <summary>Legs on all threads.</summary>
    public int Count => _clocks.Sum(static clock => clock.Count);

    /// <inheritdoc cref="PlayoutClock.Ticks"/>
    public long Ticks => _clocks.Sum(static clock => clock.Ticks);

    /// <inheritdoc cref="PlayoutClock.LateTicks"/>
    public long LateTicks => _clocks.Sum(static clock => clock.LateTicks);

    /// <inheritdoc cref="PlayoutClock.SkippedTicks"/>
    public long SkippedTicks => _clocks.Sum(static clock => clock.SkippedTicks);

    /// <summary>Worst lateness of any thread so far.</summary>
    public TimeSpan MaxLateness => _clocks.Max(static clock => clock.MaxLateness);

    /// <inheritdoc cref="PlayoutClock.BusyTime"/>
    public TimeSpan BusyTime => TimeSpan.FromTicks(_clocks.Sum(static clock => clock.BusyTime.Ticks));

    /// <inheritdoc cref="PlayoutClock.Faults"/>
    public long Faults => _clocks.Sum(static clock => clock.Faults);

    /// <inheritdoc cref="PlayoutClock.LateTicksBecause"/>
    public long LateTicksBecause(LateTickCause cause) => _clocks.Sum(clock => clock.LateTicksBecause(cause));

    /// <summary>Starts the threads; those without legs sleep.</summary>
    /// <returns>The least that the system has granted to any.</returns>
    public async Task<ClockScheduling> StartAsync()
    {
        foreach (var clock in _clocks)
            clock.Start();
        return (await Task.WhenAll(_clocks.Select(static clock => clock.Scheduling)).ConfigureAwait(false)).Min();
    }

    /// <summary>Puts a leg on the thread with the fewest, once the first ones have enough to be worth their wake-ups.</summary>
    /// <inheritdoc cref="PlayoutClock.Add"/>
    public ClockLease Add(IClocked leg)
    {
        lock (_gate)
            return LeastLoaded().Add(leg);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var clock in _clocks)
            await clock.DisposeAsync().ConfigureAwait(false);
    }

    private PlayoutClock LeastLoaded()
    {
        var best = _clocks[0];
        foreach (var clock in _clocks)
        {
            if (clock.Count < _legsBeforeNext)
                return clock;
            if (clock.Count < best.Count)
                best = clock;
        }
        return best;
    }
}
