namespace VoiceGateway.Rtp;

public sealed record MediaEngineOptions
{
    /// <summary>More than these have been of no use to anybody.</summary>
    public const int MostThreads = 64;

    /// <summary>Threads that drive media; 0: as many as there are cores, <see cref="DefaultMost"/> at most.</summary>
    public int Threads { get; init; }

    /// <summary>Of each thread.</summary>
    public PlayoutClockOptions Clock { get; init; } = new();

    /// <summary>Threads where nothing else is said: together they drive several thousand calls.</summary>
    public const int DefaultMost = 8;

    /// <summary>
    /// A thread takes so many legs before the next one is begun. One that has any wakes up 400 times a second; it is of no use that all
    /// do so for a handful of calls.
    /// </summary>
    public int LegsBeforeNext { get; init; } = 32;

    internal int ThreadCount => Threads > 0 ? Threads : Math.Clamp(Environment.ProcessorCount, 1, DefaultMost);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, MostThreads);
        ArgumentOutOfRangeException.ThrowIfLessThan(LegsBeforeNext, 1);
    }
}
