using System.Diagnostics;

namespace VoiceGateway.Rtp.Tests.Clock;

[Collection(TimingCollection.Name)]
public class SystemPressureTests
{
    [Theory]
    [InlineData("12 345 6\n", 1, 345)]
    [InlineData("cpu  1 2 3 4 5 6 7 88 9 0\ncpu0 1", 8, 88)]
    [InlineData("cpu  1 2 3\n", 8, 0)]
    [InlineData("", 1, 0)]
    [InlineData("a b", 1, 0)]
    public void FieldOf_Line_GivesTheNumber(string line, int field, long expected) =>
        Assert.Equal(expected, SystemPressure.FieldOf(System.Text.Encoding.ASCII.GetBytes(line), field));

    [Fact]
    public async Task RunQueueWait_MoreThreadsThanCores_Grows()
    {
        if (!File.Exists("/proc/thread-self/schedstat"))
            return;
        using var stop = new CancellationTokenSource();
        var waited = await RunOnThreadsAsync(4 * Environment.ProcessorCount, () =>
        {
            using var pressure = SystemPressure.OfThisThread();
            var before = pressure.RunQueueWait;
            var until = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
            while (Stopwatch.GetTimestamp() < until && pressure.RunQueueWait == before)
                Thread.SpinWait(1000);
            return pressure.RunQueueWait - before;
        });

        Assert.True(waited.Max() > 0);
    }

    [Fact]
    public void CollectorPauses_AfterACollection_Grow()
    {
        using var pressure = SystemPressure.OfThisThread();
        var before = pressure.CollectorPauses;
        for (var i = 0; i < 5; i++)
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);

        Assert.InRange(pressure.CollectorPauses - before, 1, 60 * Stopwatch.Frequency);
    }

    [Fact]
    public void Reading_AllocatesNothing()
    {
        using var pressure = SystemPressure.OfThisThread();
        long Read() => pressure.CollectorPauses + pressure.RunQueueWait + pressure.Steal;
        for (var i = 0; i < 100; i++)
            Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Task<T[]> RunOnThreadsAsync<T>(int count, Func<T> work) => Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => done.SetResult(work())) { IsBackground = true }.Start();
        return done.Task;
    }));
}
