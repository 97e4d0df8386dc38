namespace VoiceGateway.Rtp;

public sealed record PlayoutClockOptions
{
    /// <summary>Wake-up interval: sockets are read this often.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(2.5);

    /// <summary>Ticks in a period. Legs are spread over them, and each leg ticks once a period.</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Lateness up to which every missed tick is made up for. Beyond it whole periods are skipped and counted.</summary>
    public TimeSpan MaxCatchUp { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>From this lateness on a tick is late: counted, and its cause looked for.</summary>
    public TimeSpan LateAfter { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Of SCHED_FIFO, 1 to 99, asked for where the system grants it (<see cref="PlayoutClock.Scheduling"/>); 0: not asked for.</summary>
    public int RealTimePriority { get; init; }

    /// <summary>Of the thread, for logs and profilers.</summary>
    public string Name { get; init; } = "playout clock";

    /// <summary>Told of a late tick, at once and then every ten seconds at most, on a thread of the pool.</summary>
    public Action<LateTick>? OnLate { get; init; }

    /// <summary>Do without system calls of our own (epoll, clock_nanosleep) even where they are possible.</summary>
    public bool Portable { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Tick, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(Slots, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCatchUp, Tick * Slots);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LateAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(RealTimePriority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RealTimePriority, 99);
    }
}
