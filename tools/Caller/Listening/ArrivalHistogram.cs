namespace VoiceGateway.Caller;

/// <summary>Times between arrivals: quarter milliseconds up to a quarter of a second, then 10 ms up to 10 s. Recording allocates nothing; one thread writes.</summary>
public sealed class ArrivalHistogram
{
    private const int FineBuckets = 1000;
    private const double FineMs = 0.25;
    private const int CoarseBuckets = 975;
    private const double CoarseMs = 10;
    private const double FineEndMs = FineBuckets * FineMs;
    private readonly long[] _counts = new long[FineBuckets + CoarseBuckets + 1];

    public long Count { get; private set; }

    public double MaxMs { get; private set; }

    public void Record(double milliseconds)
    {
        _counts[Bucket(milliseconds)]++;
        Count++;
        if (milliseconds > MaxMs) MaxMs = milliseconds;
    }

    /// <summary>The upper edge of the bucket in which that share of the values ends, at most the largest value; null when nothing was recorded.</summary>
    public double? Percentile(double percent)
    {
        if (Count == 0) return null;
        var rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank) return Math.Round(Math.Min(UpperEdge(bucket), MaxMs), 3);
        }
        return MaxMs;
    }

    private static int Bucket(double milliseconds)
    {
        if (milliseconds < 0) return 0;
        if (milliseconds < FineEndMs) return (int)(milliseconds / FineMs);
        return FineBuckets + (int)Math.Min(CoarseBuckets, (milliseconds - FineEndMs) / CoarseMs);
    }

    private static double UpperEdge(int bucket) =>
        bucket < FineBuckets ? (bucket + 1) * FineMs
        : bucket < FineBuckets + CoarseBuckets ? FineEndMs + (bucket - FineBuckets + 1) * CoarseMs
        : double.MaxValue;
}
