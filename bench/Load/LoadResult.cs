using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using VoiceGateway.Caller;

namespace VoiceGateway.Load;

internal sealed record LoadResult(int Calls, LoadReport Load, RuntimeSpan Gateway)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public bool Passed => Load.CallsAnswered == Calls && Load.CallsLost == 0 && Load.InterArrivalMs.P99 <= 25;

    public string ToMarkdown() => string.Create(CultureInfo.InvariantCulture, $"""
        # Load: {Calls} calls

        `make load`: gateway, Live simulator and generator on one machine ({Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture},
        {RuntimeInformation.FrameworkDescription}), each a process of its own. Every caller speaks recorded sentences and listens to the
        agent's answers in turn; every 20 ms frame of every caller goes through a WebSocket to the simulator.

        | | |
        |---|---|
        | calls placed, answered, lost | {Load.CallsPlaced}, {Load.CallsAnswered}, {Load.CallsLost} |
        | all up together | {Load.SteadySeconds:F0} s |
        | gateway CPU | {Load.Gateway?.CpuPercent:F1} % of a core, {Load.Gateway?.CpuPercentPerCall:F3} % a call |
        | gateway memory | {Load.Gateway?.RssMb:F0} MB resident, {Load.Gateway?.BaselineRssMb:F0} MB before the first call, {Load.Gateway?.RssKbPerCall:F0} kB a call |
        | gateway allocations | {Gateway.AllocatedKbPerSecond:F0} kB a second, {Gateway.AllocatedBytesPerFrame:F1} bytes a frame; {Gateway.Gen0}/{Gateway.Gen1}/{Gateway.Gen2} collections of generation 0/1/2 in {Gateway.Seconds:F0} s, {Gateway.GcPauseMs:F1} ms paused |
        | gateway clock | busy {Gateway.ClockBusyPercent:F1} % of its thread; {Gateway.ClockLateTicks} of {Gateway.ClockTicks} ticks late by more than a tick; at most {Gateway.ClockMaxLatenessMs:F1} ms since its start |
        | playout underruns | {Gateway.Underruns} |
        | RTP between packets, at the caller | p50 {Load.InterArrivalMs.P50:F1}, p99 {Load.InterArrivalMs.P99:F1}, p99.9 {Load.InterArrivalMs.P999:F1}, at most {Load.InterArrivalMs.Max:F1} ms |
        | RTP received, lost | {Load.PacketsReceived}, {Load.PacketsLost} |
        | silences inside replies | {Load.SilentGaps} |
        | INVITE to 200 | p50 {Load.SetupMs.P50:F0}, p99 {Load.SetupMs.P99:F0} ms |
        | ACK to the first audible RTP | p50 {Load.FirstSpeechMs.P50:F0}, p99 {Load.FirstSpeechMs.P99:F0} ms |
        | turns, unanswered | {Load.Turns}, {Load.TurnsWithoutReply} |
        | turn latency (the simulator waits 500 ms for the end of speech) | p50 {Load.TurnLatencyMs.P50:F0}, p99 {Load.TurnLatencyMs.P99:F0} ms |
        | generator | {Load.Generator.CpuPercent:F1} % of a core; its clock at most {Load.Generator.MaxLatenessMs:F1} ms late, {Load.Generator.PacketsUnmeasured} packets left out of the figures for that |

        """);
}
