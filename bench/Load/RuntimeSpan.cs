using VoiceGateway.Admin;

namespace VoiceGateway.Load;

/// <summary>What the gateway's process did between two looks at <c>/api/runtime</c>.</summary>
internal sealed record RuntimeSpan(
    double Seconds, int ActiveCalls, double CpuPercent, double AllocatedKbPerSecond, double AllocatedBytesPerFrame, int Gen0, int Gen1, int Gen2, double GcPauseMs,
    long ClockTicks, long ClockLateTicks, double ClockMaxLatenessMs, double ClockBusyPercent, long Underruns)
{
    public static RuntimeSpan Between(RuntimeApi.View before, RuntimeApi.View after, double seconds)
    {
        var allocated = after.AllocatedBytes - before.AllocatedBytes;
        // Fifty frames a second each way.
        var frames = after.ActiveCalls * 100 * seconds;
        return new(
            seconds, after.ActiveCalls, 100 * (after.CpuSeconds - before.CpuSeconds) / seconds, allocated / 1024.0 / seconds, frames > 0 ? allocated / frames : 0,
            after.Gen0 - before.Gen0, after.Gen1 - before.Gen1, after.Gen2 - before.Gen2, after.GcPauseMs - before.GcPauseMs,
            after.ClockTicks - before.ClockTicks, after.ClockLateTicks - before.ClockLateTicks, after.ClockMaxLatenessMs,
            100 * (after.ClockBusySeconds - before.ClockBusySeconds) / seconds, after.Underruns - before.Underruns);
    }
}
