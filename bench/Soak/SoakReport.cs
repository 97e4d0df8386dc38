using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace VoiceGateway.Soak;

/// <summary>The run as a page to read.</summary>
internal static class SoakReport
{
    public static string ToMarkdown(SoakOptions options, SoakVerdict verdict, IReadOnlyList<Criterion> criteria, IReadOnlyList<MemoryTrend> memory, string command)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

        Line($"# Soak: {options.Calls} calls for {options.Duration.TotalMinutes:0.#} minutes");
        Line($"");
        Line($"`{command}`, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}: the gateway in a process of its own, the callers and the Live simulator in another, on one machine");
        Line($"({Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}). Every other call is told to go every {options.RotateEvery.TotalSeconds:0} s with {options.GoAwayLeft.TotalSeconds:0} s left; every connection is");
        Line($"replaced when it is {options.RotateAfter.TotalSeconds:0} s old; a fault comes over each call every {options.FaultEvery.TotalSeconds:0} s on average (seed {options.Seed}), and none in the last {options.Calm.TotalSeconds:0} s.");
        Line($"");
        Line($"| promise | kept | found |");
        Line($"|---|---|---|");
        foreach (var criterion in criteria) Line($"| {criterion.Promise} | {(criterion.Kept ? "yes" : "**no**")} | {criterion.Found} |");

        Line($"");
        Line($"## Connections, by the gateway's records");
        Line($"");
        Line($"| event | cause | times | gap p50 | p95 | at most (ms) |");
        Line($"|---|---|---|---|---|---|");
        foreach (var group in verdict.Links.GroupBy(static l => (l.Kind, l.Cause)).OrderBy(static g => g.Key.Kind, StringComparer.Ordinal).ThenByDescending(static g => g.Count()))
        {
            var gaps = group.Select(static l => l.GapMs).Order().ToList();
            if (group.Key.Kind is "lost" or "attempt_failed") Line($"| {group.Key.Kind} | {group.Key.Cause} | {gaps.Count} | | | |");
            else Line($"| {group.Key.Kind} | {group.Key.Cause} | {gaps.Count} | {At(gaps, 0.5):F0} | {At(gaps, 0.95):F0} | {gaps[^1]:F0} |");
        }
        Line($"");
        foreach (var (name, kinds) in ((string, string[])[])[("rotations", ["rotated"]), ("after faults", ["restored", "fell_back"])])
        {
            var gaps = verdict.Links.Where(l => kinds.Contains(l.Kind)).Select(static l => l.GapMs).Order().ToList();
            if (gaps.Count > 0) Line($"- without a connection, {name}: {gaps.Count} times, p50 {At(gaps, 0.5):F0} ms, p95 {At(gaps, 0.95):F0} ms, at most {gaps[^1]:F0} ms");
        }
        var watch = verdict.Records.Values.SelectMany(static r => r.Watch).GroupBy(static w => w.Key).Select(static g => (g.Key, Sum: g.Sum(static w => w.Value))).Where(static w => w.Sum > 0);
        Line($"- the watch over the conversations: {string.Join(", ", watch.OrderByDescending(static w => w.Sum).Select(static w => $"{w.Key} {w.Sum}"))}");

        Line($"");
        Line($"## The callers' audio");
        Line($"");
        Line($"Each 20 ms that the simulator received, over all connections of a call, is looked for in what the caller sent, by cross-correlation; a faint noise, different in every call, makes silence recognisable too.");
        Line($"");
        var lines = verdict.Lines;
        Line($"- sent {lines.Sum(static l => l.SentSeconds):F0} s, of it speech {lines.Sum(static l => l.VoicedSeconds):F1} s; speech not received: {lines.Sum(static l => l.VoicedLostSeconds):F2} s");
        Line($"- frames received {lines.Sum(static l => l.FramesReceived)}, for the second time (replays) {lines.Sum(static l => l.FramesTwice)}, nothing that was sent (filled-in zeros) {lines.Sum(static l => l.FramesUnknown)}, out of order {lines.Sum(static l => l.FramesBackwards)}");
        var rotations = lines.SelectMany(static l => l.RotationsMissingMs).Order().ToList();
        if (rotations.Count > 0) Line($"- missing at a rotation, silence included: p50 {At(rotations, 0.5):F0} ms, p95 {At(rotations, 0.95):F0} ms, at most {rotations[^1]:F0} ms, {rotations.Sum():F0} ms at all {rotations.Count} together");
        var atFaults = verdict.Holes.Where(static h => !h.AtRotation).ToList();
        Line($"- at faults silence may be left out: {atFaults.Count} holes, the longest {atFaults.Select(static h => h.LengthMs).DefaultIfEmpty().Max():F0} ms; the most speech in one of them {atFaults.Select(static h => h.VoicedMs).DefaultIfEmpty().Max():F0} ms");
        var worst = verdict.Holes.Where(static h => h.VoicedMs > 0 || (h.AtRotation && h.LengthMs > SoakVerdict.MostMissingAtRotationMs)).OrderByDescending(static h => h.VoicedMs).Take(25).ToList();
        if (worst.Count > 0)
        {
            Line($"");
            Line($"| call | at (ms) | missing (ms) | speech (ms) | where |");
            Line($"|---|---|---|---|---|");
            foreach (var hole in worst) Line($"| {hole.Call} | {hole.FromMs:F0} | {hole.LengthMs:F0} | {hole.VoicedMs:F0} | {hole.Cause} |");
        }
        foreach (var line in lines)
            foreach (var (from, voiced) in line.ForgottenWords.Take(5)) Line($"- forgotten: call {line.Call} at {from:F0} ms, {voiced:F0} ms of speech");
        if (verdict.Tools.Details.Count > 0)
        {
            Line($"");
            Line($"## Functions");
            Line($"");
            foreach (var detail in verdict.Tools.Details.Take(40)) Line($"- {detail}");
        }

        if (memory.Count > 0)
        {
            Line($"");
            Line($"## The gateway's process");
            Line($"");
            Line($"| | early | late | a minute | at most |");
            Line($"|---|---|---|---|---|");
            foreach (var trend in memory) Line($"| {trend.Name} | {trend.Early:F1} | {trend.Late:F1} | {trend.SlopePerMinute:+0.000;-0.000;0} | {trend.Max:F1} |");
            Line($"");
            Line($"Early: minutes 4 to 7, late: the last 3 (of a short run the same shares). What came over which call when is in the JSON beside this page.");
        }

        Line($"");
        Line($"## Faults");
        Line($"");
        Line($"| fault | planned | came |");
        Line($"|---|---|---|");
        foreach (var group in verdict.Faults.GroupBy(static f => f.Planned.Fault.Name).OrderBy(static g => g.Key, StringComparer.Ordinal))
            Line($"| {group.Key} | {group.Count()} | {group.Count(static f => f.Session is not null)} |");
        return text.ToString();
    }

    private static double At(IReadOnlyList<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
}
