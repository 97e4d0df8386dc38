using VoiceGateway.Admin;
using VoiceGateway.Caller;

namespace VoiceGateway.Demo;

/// <summary>Whether the demo's call did what it shows. Each check looks at the far end of what it checks: the database, the caller's ear.</summary>
internal sealed record DemoVerdict(IReadOnlyList<(string What, bool Passed, string Seen)> Checks)
{
    public bool Passed => Checks.All(static c => c.Passed);

    /// <param name="call">As the HTTP API shows it.</param>
    /// <param name="report">What the caller heard.</param>
    /// <param name="booked">The bookings in the database, in words.</param>
    public static DemoVerdict Of(CallView call, CallerReport report, IReadOnlyList<string> booked)
    {
        var unanswered = report.Turns.Count(static t => t.Kind != TurnKind.Greeting && t.ReplyFromMs is null);
        var cut = call.Transcript.FirstOrDefault(static t => t.Speaker == "agent" && !t.HeardInFull);
        var interruption = report.Turns.FirstOrDefault(static t => t.Kind == TurnKind.Interrupt);
        return new(
        [
            ("the call was answered and ended by the agent", report.Outcome == CallerOutcome.RemoteHungUp && call.EndReason == "agent_hung_up", $"{report.Reason}; {call.EndReason}"),
            ("the table is in the database", booked.Count == 1, booked.Count == 0 ? "no booking" : string.Join("; ", booked)),
            ("every turn was answered", report.Turns.Count >= 5 && unanswered == 0, $"{report.Turns.Count} turns, {unanswered} without an answer"),
            ("the interruption silenced the agent", interruption?.BargeInStopMs is not null && cut is not null, interruption?.BargeInStopMs is { } ms ? $"{ms:F0} ms after the caller began" : "it did not"),
            ("the caller's script went as expected", report.Succeeded, report.Problems.Count == 0 ? "nothing unexpected" : string.Join("; ", report.Problems)),
            ("no packet was lost on loopback", report.Rtp.PacketsLost == 0, $"{report.Rtp.PacketsReceived} received, {report.Rtp.PacketsLost} lost"),
        ]);
    }
}
