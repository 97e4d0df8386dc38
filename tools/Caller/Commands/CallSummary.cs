using System.Globalization;

namespace VoiceGateway.Caller;

/// <summary>A call's report in a few lines for a terminal.</summary>
internal static class CallSummary
{
    public static void Print(CallerReport report, TextWriter output)
    {
        if (report.AnsweredMs is null) return;
        output.WriteLine($"set-up {Ms(report.AnsweredMs)}, ringing after {Ms(report.RingingMs)}; first RTP {Ms(report.FirstRtpMs)}, first speech {Ms(report.FirstSpeechMs)} after the answer; {report.Codec}");
        foreach (var turn in report.Turns.Where(turn => turn.Kind != TurnKind.Greeting))
            output.WriteLine($"{turn.Kind.ToString().ToLowerInvariant(),-9} at {Ms(turn.SpokeFromMs)}: reply after {Ms(turn.LatencyMs)}{(turn.BargeInStopMs is null ? "" : $", agent stopped after {Ms(turn.BargeInStopMs)}")}{(turn.Text is null ? "" : $"  \"{turn.Text}\"")}");
        var rtp = report.Rtp;
        output.WriteLine($"RTP {rtp.PacketsReceived} received, {rtp.PacketsSent} sent, {rtp.PacketsLost} lost, jitter {Ms(rtp.JitterMs)}, between packets p99 {Ms(rtp.InterArrivalP99Ms)}, at most {Ms(rtp.InterArrivalMaxMs)}; gaps: {report.LostGaps} lost, {report.LateGaps} late, {report.SilentGaps} silent");
    }

    public static string Ms(double? milliseconds) => milliseconds is { } ms ? ms.ToString("0.#", CultureInfo.InvariantCulture) + " ms" : "never";
}
