using System.Diagnostics;
using VoiceGateway.Calls;
using VoiceGateway.Rtp;
using VoiceGateway.Telemetry;

namespace VoiceGateway.Admin;

/// <summary><c>GET /api/runtime</c>: what the process uses, whether its clocks keep time, and the tokens by model. Cumulative since the start.</summary>
public static class RuntimeApi
{
    public sealed record View(
        int ActiveCalls, int PortsInUse, long AllocatedBytes, int Gen0, int Gen1, int Gen2, double GcPauseMs, double CpuSeconds, long WorkingSetBytes,
        long ClockTicks, long ClockLateTicks, double ClockMaxLatenessMs, double ClockBusySeconds, long Underruns, IReadOnlyList<ModelUsage> Usage,
        long HeapBytes, long LargeObjectBytes, IReadOnlyDictionary<string, long> LateTicksByCause, IReadOnlyList<ClockView> Clocks);

    internal static void MapRuntime(this IEndpointRouteBuilder routes) => routes.MapGet("/api/runtime",
        static (CallRegistry calls, RtpPortAllocator ports, MediaEngine clock, CallMetrics metrics, CallUsageMeter usage) => Results.Json(new View(
            calls.Count, ports.InUse, GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2),
            GC.GetTotalPauseDuration().TotalMilliseconds, Environment.CpuUsage.TotalTime.TotalSeconds, Process.GetCurrentProcess().WorkingSet64,
            clock.Ticks, clock.LateTicks, clock.MaxLateness.TotalMilliseconds, clock.BusyTime.TotalSeconds, metrics.UnderrunsSoFar, usage.SinceStart(),
            GC.GetTotalMemory(forceFullCollection: false), LargeObjects(), LateTicks(clock), [.. clock.Clocks.Select(ClockView.Of)])));

    private static Dictionary<string, long> LateTicks(MediaEngine media) => Enum.GetValues<LateTickCause>().ToDictionary(SnakeCase.Of<LateTickCause>, media.LateTicksBecause);

    // As the last collection left them.
    private static long LargeObjects() => GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[3].SizeAfterBytes;
}
