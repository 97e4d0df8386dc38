using System.Globalization;
using System.Text;
using static VoiceGateway.Load.Percentiles;

namespace VoiceGateway.Load;

/// <summary>The report for people.</summary>
internal static class LoadText
{
    public static string Of(LoadResult result, string plot)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            # Load: up to {{result.Curves.SelectMany(static c => c.Stages).Where(static s => s.Held).Select(static s => s.Calls).DefaultIfEmpty().Max()}} calls

            `make load`: the gateway, a process of its own, with callers and Live side on the same machine ({{result.Processors}} cores, {{result.Architecture}},
            {{result.Framework}}{{(result.GatewaySettings.Count > 0 ? "; " + string.Join(" ", result.GatewaySettings) : "")}}). G.711 at 20 ms both ways, never suppressed. Every caller speaks five of ten seconds, the agent answers
            for 4.8 s at six times real time, every fourth answer is interrupted; every uplink frame goes through a WebSocket.
            Figures of the gateway are those of its process (`/proc/PID/stat`), which on loopback include the kernel's work of the receiving side for each packet that it
            sends. When a packet came is what the kernel says (`SO_TIMESTAMPNS`).

            ![CPU a call and spacing of packets against the number of calls]({{plot}})

            """);
        foreach (var curve in result.Curves) Add(text, curve);
        text.Append("""
            - **RTP off by**: how far the time between two packets of a call is from what their timestamps say. **spurt**: of packets with the marker bit, which may leave early.
            - **up**: RTP packet sent → its samples at the Live side's door in a WebSocket frame. With 40 ms chunks the first half of each waits for the second.
            - **down**: first message of an answer sent → first RTP packet with its sound at the caller's door. **stale**: `interrupted` sent → last RTP packet of what was interrupted.
            - **kB a call**: resident memory beyond what the gateway had when ten calls had come and gone.
            - **B a frame**: all that the process allocated, over 100 frames a second and call.
            - **gaps**: silence at the caller inside an answer of which the Live side had sent more.

            """);
        if (result.Curves.SelectMany(static c => c.Stages).Any(static s => s.Floor is not null))
            text.Append("""
                - **floor**: a process of one thread that makes the system calls for the same packets at the gateway's pace (C# calling libc: sleep by 2.5 ms, epoll, RTP in and out, TCP segments as long as TLS records out,
                  as much audio in), between the same callers, on this machine right before the gateway was started and right after it had gone (in brackets). It is no gateway: it has no TLS, WebSocket, JSON, codec, jitter
                  buffer or SIP; since the machine's own speed is in both figures, **gateway / floor** is what to compare between days.

                """);
        return text.ToString();
    }

    private static void Add(StringBuilder text, CurveResult curve)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"## {(curve.Tls ? curve.Security : "No TLS")}, {curve.ChunkMs} ms of audio in a message").AppendLine();
        Table(text, "calls", curve, static s => $"{s.Calls}{(s.Held ? "" : " (did not hold)")}",
        [
            ("CPU, % of a core a call", static s => $"**{s.CpuPercentPerCall:0.000}**"),
            ("CPU, % of a core: user, system", static s => $"{s.CpuPercent:0.0}: {s.UserPercent:0.0}, {s.SystemPercent:0.0}"),
            .. FloorRows(curve),
            ("kB a call", static s => $"{s.RssKbPerCall:0}"),
            ("B a frame; collections 0/1/2, ms paused", static s => s.Runtime is { } r ? $"{r.AllocatedBytesPerFrame:0.0}; {r.Gen0}/{r.Gen1}/{r.Gen2}, {r.GcPauseMs:0.0}" : "–"),
            ("RTP off by: p50, p99, p99.9, most, ms", static s => Times(s.SpacingMs.P50, s.SpacingMs.P99, s.SpacingMs.P999, s.SpacingMs.Max)),
            ("spurt: p50, p99, ms", static s => Times(s.SpurtSpacingMs.P50, s.SpurtSpacingMs.P99)),
            ("up: p50, p95, most, ms", static s => Times(s.UplinkMs.P50, s.UplinkMs.P95, s.UplinkMs.Max)),
            ("down: p50, p95, most, ms", static s => Times(s.FirstPacketMs.P50, s.FirstPacketMs.P95, s.FirstPacketMs.Max)),
            ("stale: p50, p95, most, ms", static s => Times(s.LastStaleMs.P50, s.LastStaleMs.P95, s.LastStaleMs.Max)),
            ("INVITE to 200: p50, p99, ms", static s => Times(s.SetupMs.P50, s.SetupMs.P99)),
            ("underruns, gaps", static s => $"{s.Runtime?.Underruns}, {s.Gaps}"),
            ("calls lost; RTP received, lost", static s => $"{s.CallsLost}; {s.PacketsReceived}, {s.PacketsLost}"),
            ("uplink that arrived, %", static s => $"{s.UplinkPercent:0.0}"),
            ("caller, agent speaks, %", static s => $"{s.CallerSpeaksPercent:0}, {s.AgentSpeaksPercent:0}"),
            ("answers, interrupted", static s => $"{s.Replies}, {s.Interruptions}"),
            ("callers' thread: % of a core, late at most, ms", static s => $"{s.GeneratorPercent:0.0}, {s.GeneratorLateMs:0.0}"),
            ("Live side's thread", static s => $"{s.LiveSidePercent:0.0}, {s.LiveSideLateMs:0.0}"),
            ("machine busy, stolen by its host, % of a core", static s => $"{s.MachinePercent:0}, {s.StolenPercent:0.0}"),
        ]);
        if (curve.Stages[^1] is { } last)
            text.AppendLine(CultureInfo.InvariantCulture, $"The gateway's threads at {last.Calls} calls, % of a core: {string.Join(", ", last.ThreadPercent.Where(static t => t.Value >= 0.05).Select(static t => $"{t.Key} {t.Value:0.0}"))}.").AppendLine();
        if (curve.Perf is { } perf)
            text.AppendLine(CultureInfo.InvariantCulture, $"Where its time goes then (perf, {perf.Seconds:0} s): {string.Join(", ", perf.Shares.OrderByDescending(static s => s.Value).Where(static s => s.Value >= 0.5).Select(static s => $"{s.Key} {s.Value:0} %"))}.").AppendLine();
        if (curve.Most is { CpuPercentPerCall: > 0 } most)
            text.AppendLine(CultureInfo.InvariantCulture, $"At {most.CpuPercentPerCall:0.000} % a call one core carries {100 / most.CpuPercentPerCall:0} calls, this machine's {Environment.ProcessorCount} would carry {100 * Environment.ProcessorCount / most.CpuPercentPerCall:0} with nothing else on it.").AppendLine();
    }

    private static void Table(StringBuilder text, string head, CurveResult curve, Func<StageResult, string> title, (string Name, Func<StageResult, string> Value)[] rows)
    {
        Row(head, curve.Stages.Select(title));
        Row("---", curve.Stages.Select(static _ => "---"));
        foreach (var (name, value) in rows) Row(name, curve.Stages.Select(value));
        text.AppendLine();

        void Row(string name, IEnumerable<string> cells) => text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} |");
    }

    private static (string Name, Func<StageResult, string> Value)[] FloorRows(CurveResult curve) => curve.Stages.All(static s => s.Floor is null) ? [] :
    [
        ("floor: bare system calls for the same packets, % of a core a call", static s => s.Floor is { } f ? $"{f.CpuPercentPerCall:0.000} ({f.Before.CpuPercentPerCall:0.000}, {f.After.CpuPercentPerCall:0.000}){(f.Held ? "" : " (did not hold)")}" : "–"),
        ("gateway / floor", static s => s.TimesFloor is { } times ? $"**{times:0.0}**" : "–"),
    ];

    private static string Times(params double?[] milliseconds) => string.Join(", ", milliseconds.Select(Show));
}
