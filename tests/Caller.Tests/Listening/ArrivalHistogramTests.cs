namespace VoiceGateway.Caller.Tests;

public class ArrivalHistogramTests
{
    [Fact]
    public void Percentile_KnownValues_AreWithinAQuarterMillisecond()
    {
        var histogram = new ArrivalHistogram();
        for (var n = 1; n <= 1000; n++) histogram.Record(n * 0.1);

        Assert.Equal(50, histogram.Percentile(50)!.Value, 0.25);
        Assert.Equal(99, histogram.Percentile(99)!.Value, 0.25);
        Assert.Equal(100, histogram.Percentile(100)!.Value, 0.25);
        Assert.Equal(100, histogram.MaxMs, 0.0001);
    }

    [Fact]
    public void Percentile_ShortTimes_AreWithinAHundredthOfAMillisecond()
    {
        var histogram = new ArrivalHistogram();
        for (var n = 1; n <= 1000; n++) histogram.Record(n * 0.001);

        Assert.Equal(0.5, histogram.Percentile(50)!.Value, 0.0101);
        Assert.Equal(0.99, histogram.Percentile(99)!.Value, 0.0101);
    }

    [Fact]
    public void Percentile_Nothing_IsNull() => Assert.Null(new ArrivalHistogram().Percentile(50));

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(249.99)]
    [InlineData(250)]
    [InlineData(9999)]
    [InlineData(1e9)]
    public void Record_AnyValue_FindsItsBucket(double milliseconds)
    {
        var histogram = new ArrivalHistogram();
        histogram.Record(milliseconds);

        Assert.Equal(1, histogram.Count);
        Assert.True(histogram.Percentile(100) >= 0);
    }

    [Fact]
    public void Record_ManyValues_AllocatesNothing()
    {
        var histogram = new ArrivalHistogram();
        histogram.Record(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 10_000; n++) histogram.Record(n % 400);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
