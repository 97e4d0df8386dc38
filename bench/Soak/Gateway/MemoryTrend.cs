namespace VoiceGateway.Soak;

/// <summary>One figure at the beginning and at the end of the steady period, in its own unit.</summary>
/// <param name="Name">Which.</param>
/// <param name="Early">Mean of an early stretch, warm-up left out.</param>
/// <param name="Late">Mean of the last stretch.</param>
/// <param name="SlopePerMinute">Of the straight line through all samples from the early stretch on.</param>
/// <param name="Max">Highest from the early stretch on.</param>
internal sealed record MemoryTrend(string Name, double Early, double Late, double SlopePerMinute, double Max)
{
    public static IReadOnlyList<MemoryTrend> Of(IReadOnlyList<MemorySample> samples, int calls) =>
    [
        One("resident (MB)", samples, calls, static s => s.RssMb),
        One("managed heap (MB)", samples, calls, static s => s.HeapMb),
        One("large objects (MB)", samples, calls, static s => s.LargeObjectMb),
        One("threads", samples, calls, static s => s.Threads),
        One("handles", samples, calls, static s => s.Handles),
        One("sockets", samples, calls, static s => s.Sockets),
    ];

    /// <summary>Minutes 4 to 7 beside the last 3, of 20 or more; of a shorter run the same shares.</summary>
    private static MemoryTrend One(string name, IReadOnlyList<MemorySample> all, int calls, Func<MemorySample, double> of)
    {
        var steady = all.Where(s => s.Calls == calls).ToList();
        if (steady.Count < 4) return new(name, 0, 0, 0, 0);
        var length = steady[^1].Seconds;
        var (from, to, last) = length >= 600 ? (240.0, 420.0, 180.0) : (length * 0.2, length * 0.4, length * 0.15);
        steady = [.. steady.Where(s => s.Seconds >= from)];
        var early = steady.Where(s => s.Seconds <= to).DefaultIfEmpty(steady[0]).Average(of);
        var late = steady.Where(s => s.Seconds >= length - last).Average(of);
        double x = steady.Average(static s => s.Seconds), y = steady.Average(of);
        var spread = steady.Sum(s => (s.Seconds - x) * (s.Seconds - x));
        var slope = spread > 0 ? 60 * steady.Sum(s => (s.Seconds - x) * (of(s) - y)) / spread : 0;
        return new(name, Math.Round(early, 2), Math.Round(late, 2), Math.Round(slope, 3), steady.Max(of));
    }
}
