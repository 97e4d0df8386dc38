using System.Globalization;
using static VoiceGateway.Load.Percentiles;

namespace VoiceGateway.Load;

/// <summary>A stage in one line, while the run goes on.</summary>
internal static class StageLine
{
    public static string Of(StageResult s) => string.Create(CultureInfo.InvariantCulture,
        $"{s.Calls,5} calls, {s.ChunkMs} ms: {s.CpuPercent:F1} % of a core ({s.UserPercent:F1} user, {s.SystemPercent:F1} system), {s.CpuPercentPerCall:F3} a call; {s.RssKbPerCall:F0} kB a call; "
        + $"{s.Runtime?.AllocatedBytesPerFrame:F1} B a frame; RTP off by p50 {Show(s.SpacingMs.P50)}, p99 {Show(s.SpacingMs.P99)}, p99.9 {Show(s.SpacingMs.P999)}, max {Show(s.SpacingMs.Max)} ms; "
        + $"up p95 {Show(s.UplinkMs.P95)}, down p95 {Show(s.FirstPacketMs.P95)} max {Show(s.FirstPacketMs.Max)}, stale p95 {Show(s.LastStaleMs.P95)} ms; setup p99 {Show(s.SetupMs.P99)} ms; "
        + $"underruns {s.Runtime?.Underruns}, gaps {s.Gaps}, lost {s.CallsLost} calls, {s.PacketsLost} packets; uplink {s.UplinkPercent:F1} %, caller speaks {s.CallerSpeaksPercent:F0} %, agent {s.AgentSpeaksPercent:F0} %; "
        + $"generator {s.GeneratorPercent:F1} %, late {s.GeneratorLateMs:F1} ms, Live side {s.LiveSidePercent:F1} %, late {s.LiveSideLateMs:F1} ms; machine {s.MachinePercent:F0} %, stolen {s.StolenPercent:F1} %; "
        + $"threads {string.Join(", ", s.ThreadPercent.Where(static t => t.Value >= 0.05).Select(static t => $"{t.Key} {t.Value:F1}"))}");
}
