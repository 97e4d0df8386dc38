namespace VoiceGateway.Caller;

/// <summary>How values are spread; null where there are none.</summary>
public sealed record Distribution
{
    public long Count { get; init; }

    public double? P50 { get; init; }

    public double? P99 { get; init; }

    public double? P999 { get; init; }

    public double? Max { get; init; }

    public static Distribution Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) return new Distribution();
        return new Distribution
        {
            Count = sorted.Length,
            P50 = At(50),
            P99 = At(99),
            P999 = At(99.9),
            Max = Math.Round(sorted[^1], 3),
        };

        double At(double percent) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100) - 1)], 3);
    }

    public static Distribution Of(ArrivalHistogram histogram) => new()
    {
        Count = histogram.Count,
        P50 = histogram.Percentile(50),
        P99 = histogram.Percentile(99),
        P999 = histogram.Percentile(99.9),
        Max = histogram.Count == 0 ? null : Math.Round(histogram.MaxMs, 3),
    };
}
