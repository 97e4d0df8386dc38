namespace VoiceGateway.Rtp;

public sealed record PlayoutClockOptions
{
    /// <summary>Wake-up interval: sockets are read this often.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Ticks in a period. Legs are spread over them, and each leg ticks once a period.</summary>
    public int Slots { get; init; } = 4;

    /// <summary>Lateness up to which every missed tick is made up for. Beyond it whole periods are skipped and counted.</summary>
    public TimeSpan MaxCatchUp { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Do without system calls of our own (epoll, clock_nanosleep) even where they are possible.</summary>
    public bool Portable { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Tick, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(Slots, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCatchUp, Tick * Slots);
    }
}
