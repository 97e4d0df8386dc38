namespace VoiceGateway.Caller;

/// <summary>Times: by 10 µs up to 20 ms, by a quarter of a millisecond up to a quarter of a second, by 10 ms up to 10 s. Recording allocates nothing; one thread writes.</summary>
public sealed class ArrivalHistogram
{
    private static readonly Band[] Bands = [new(0, 20, 0.01), new(20, 250, 0.25), new(250, 10_000, 10)];
    private readonly long[] _counts = new long[Bands.Sum(static b => b.Buckets) + 1];

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
        var before = 0;
        foreach (var band in Bands)
        {
            if (milliseconds < band.EndMs) return before + Math.Clamp((int)((milliseconds - band.StartMs) / band.StepMs), 0, band.Buckets - 1);
            before += band.Buckets;
        }
        return before;
    }

    private static double UpperEdge(int bucket)
    {
        foreach (var band in Bands)
        {
            if (bucket < band.Buckets) return band.StartMs + ((bucket + 1) * band.StepMs);
            bucket -= band.Buckets;
        }
        return double.MaxValue;
    }

    private readonly record struct Band(double StartMs, double EndMs, double StepMs)
    {
        public int Buckets { get; } = (int)Math.Round((EndMs - StartMs) / StepMs);
    }
}
