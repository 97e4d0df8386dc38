using System.Diagnostics;
using System.Globalization;
using VoiceGateway.Admin;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>Everything that both sides noted of each call, in the order of time: for whoever looks for the reason of something.</summary>
internal static class Diary
{
    public static IEnumerable<string> Of(SoakCalls run, IReadOnlyDictionary<string, CallView> records)
    {
        var wall = TimeProvider.System.GetUtcNow() - Stopwatch.GetElapsedTime(run.Started);
        foreach (var call in run.Calls)
        {
            yield return $"== call {call.Index} {call.Number}";
            var lines = new List<(double At, string Text)>();
            foreach (var session in run.Sessions.Of(call.Index)) lines.AddRange(Session(session, run.Started));
            if (records.TryGetValue(call.Number, out var record)) lines.AddRange(Record(record, (record.StartedAt - wall).TotalSeconds));
            foreach (var (at, text) in lines.OrderBy(static l => l.At))
                yield return string.Create(CultureInfo.InvariantCulture, $"{at,9:F3} {text}");
        }
    }

    private static IEnumerable<(double, string)> Session(SimulatedSession session, long started)
    {
        foreach (var noted in session.Events)
            yield return (Seconds(noted.Timestamp, started), $"{session.Id,-12} {noted.Kind} {noted.Detail}{(noted.Kind == SessionEventKind.Closed ? $" {session.CloseCode}" : "")}{(noted.Kind == SessionEventKind.SetupComplete ? $" of {session.Conversation}, resumed from {session.ResumedFrom}" : "")}");
        foreach (var tool in session.ToolCalls)
            yield return (Seconds(tool.CalledAt, started), $"{session.Id,-12} {tool.Id} {tool.Name} {tool.Args.GetRawText()} {(tool.Cancelled ? "cancelled" : "")} {(tool.Response is null ? "no answer" : "answered")}");
        foreach (var content in session.Contents)
            yield return (Seconds(session.Events[0].Timestamp, started), $"{session.Id,-12} content {content.GetRawText()}");
    }

    private static IEnumerable<(double, string)> Record(CallView record, double offset)
    {
        foreach (var mark in record.Timeline) yield return (offset + mark.Ms / 1000, $"    gateway  {mark.Name} {mark.Value}");
        foreach (var link in record.Link) yield return (offset + link.AtMs / 1000.0, $"    gateway  link {link.Kind} {link.Cause} {link.GapMs} ms");
        foreach (var tool in record.ToolCalls) yield return (offset + tool.AskedMs / 1000.0, $"    gateway  tool {tool.Id} {tool.Name} {tool.Arguments} {tool.Outcome} at {tool.AnsweredMs}");
    }

    private static double Seconds(long timestamp, long started) => (timestamp - started) / (double)Stopwatch.Frequency;
}
