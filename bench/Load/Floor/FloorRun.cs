using System.Diagnostics;
using System.Net;

namespace VoiceGateway.Load;

/// <summary>Starts the floor with the callers that the gateway has, and a Live side of its own, and measures it as the gateway is measured.</summary>
internal static class FloorRun
{
    private const int PacketsPerSecond = 50;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Measure = TimeSpan.FromSeconds(5);

    /// <summary>One after the other, by their calls.</summary>
    public static async Task<IReadOnlyDictionary<int, FloorMeasure>> MeasureAsync(IEnumerable<int> calls, int chunkMs, string processors, CancellationToken stop)
    {
        var measures = new Dictionary<int, FloorMeasure>();
        foreach (var count in calls)
        {
            var measure = measures[count] = await MeasureAsync(count, chunkMs, processors, stop);
            Console.WriteLine($"{count,5} calls, {chunkMs} ms: floor {measure.CpuPercent:F1} % of a core, {measure.CpuPercentPerCall:F3} a call; returned {measure.ReturnedPercent:F1} %, uplink {measure.UplinkPercent:F1} %");
        }
        return measures;
    }

    private static async Task<FloorMeasure> MeasureAsync(int calls, int chunkMs, string processors, CancellationToken stop)
    {
        using var live = new FloorLiveSide(calls);
        live.Start();
        await using var floor = await ChildProcess.StartOnAsync(
            typeof(FloorProcess), processors, new Dictionary<string, string>(), "floor", $"{calls}", $"{live.Port}", $"{chunkMs}");
        using var callers = new RtpLoad();
        callers.Start();
        foreach (var (line, port) in floor.ReadyLine.Split(' ').Select(int.Parse).Index())
            callers.Begin(callers.Reserve(IPAddress.Loopback, line), new RtpLine(line), new IPEndPoint(IPAddress.Loopback, port));
        await Task.Delay(Settle, stop);

        var (began, cpu, received) = (Stopwatch.GetTimestamp(), CpuTimes.Of(floor.Id), live.Received);
        _ = callers.Restart();
        await Task.Delay(Measure, stop);
        var returned = callers.Restart().Received;
        received = live.Received - received;
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var frames = PacketsPerSecond * seconds * calls;
        return new(
            calls,
            Math.Round(100 * CpuTimes.Of(floor.Id).Since(cpu).Total / seconds, 2),
            Math.Round(100 * returned / frames, 2),
            Math.Round(100 * received / (frames * 20 / chunkMs * FloorPackets.Uplink(chunkMs)), 2));
    }
}
