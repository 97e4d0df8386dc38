using System.Globalization;

namespace VoiceGateway.Caller;

/// <summary>A load run on a terminal: where it is every few seconds, what came of it at the end.</summary>
internal sealed class LoadPrinter(TextWriter output) : IProgress<LoadProgress>
{
    private static readonly long Every = StopwatchTime.Ticks(TimeSpan.FromSeconds(5));
    private long _next;

    public void Report(LoadProgress value)
    {
        var now = System.Diagnostics.Stopwatch.GetTimestamp();
        if (now < _next) return;
        _next = now + Every;
        output.WriteLine($"{value.Placed} placed, {value.Up} up, {value.Ended} ended");
    }

    public static void Print(LoadReport report, TextWriter output)
    {
        output.WriteLine($"{report.CallsAnswered} of {report.CallsPlaced} calls answered, {report.CallsLost} lost; all up for {report.SteadySeconds} s");
        Line("set-up", report.SetupMs);
        Line("first RTP", report.FirstRtpMs);
        Line("first speech", report.FirstSpeechMs);
        Line("turn latency", report.TurnLatencyMs);
        Line("barge-in stop", report.BargeInStopMs);
        Line("between RTP", report.InterArrivalMs);
        output.WriteLine($"{report.Turns} turns, {report.TurnsWithoutReply} without reply; RTP {report.PacketsReceived} received, {report.PacketsLost} lost; gaps: {report.LateGaps} late, {report.SilentGaps} silent");
        if (report.Gateway is { } gateway)
            output.WriteLine($"gateway: {Text(gateway.CpuPercent)} % of a core ({Text(gateway.CpuPercentPerCall)} % a call), {Text(gateway.RssMb)} MB, {Text(gateway.BaselineRssMb)} MB before, {Text(gateway.RssKbPerCall)} kB a call");
        output.WriteLine($"this generator: {Text(report.Generator.CpuPercent)} % of a core, {Text(report.Generator.AllocatedBytesPerPacket)} bytes allocated a packet; its clock was at most {Text(report.Generator.MaxLatenessMs)} ms late, {report.Generator.PacketsUnmeasured} packets left out for that");

        void Line(string what, Distribution spread)
        {
            if (spread.Count > 0)
                output.WriteLine($"{what,-13} p50 {CallSummary.Ms(spread.P50)}, p99 {CallSummary.Ms(spread.P99)}, p99.9 {CallSummary.Ms(spread.P999)}, at most {CallSummary.Ms(spread.Max)} ({spread.Count})");
        }
    }

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
