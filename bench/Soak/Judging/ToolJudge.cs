using System.Diagnostics;
using System.Globalization;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>Every function call answered once, every wish carried out once: the first by the simulator's books, the second by the rows in the database.</summary>
internal static class ToolJudge
{
    // Longer than any tool of the soak takes.
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromSeconds(3);

    /// <param name="calls">All.</param>
    /// <param name="connectionsOf">Of a call, in the order of their start; what they heard has been found again.</param>
    /// <param name="orders">Caller and number of each execution, in order.</param>
    public static ToolVerdict Judge(IReadOnlyList<SoakCall> calls, Func<int, IReadOnlyList<HeardConnection>> connectionsOf, IReadOnlyList<(string Caller, long Number)> orders)
    {
        int asked = 0, answered = 0, cancelled = 0, leftBehind = 0, unanswered = 0, twice = 0, repeated = 0, wishes = 0, executed = 0, executedTwice = 0, never = 0;
        var details = new List<string>();
        var executions = orders.CountBy(static o => o).ToDictionary();
        foreach (var call in calls)
        {
            var wanted = new Dictionary<long, bool>();
            var utterances = new Dictionary<long, HashSet<int>>();
            var connections = connectionsOf(call.Index);
            foreach (var session in connections.Select(static c => c.Session))
            {
                foreach (var tool in session.ToolCalls)
                {
                    asked++;
                    // An answer that crossed with the cancellation is no second answer.
                    if (tool is { AnsweredLate: true, Cancelled: false } && session.Faults.Any(f => f.Fault is Fault.DuplicateToolCall && f.Timestamp <= tool.CalledAt))
                    {
                        repeated++;
                    }
                    else if (tool is { AnsweredLate: true, Cancelled: false })
                    {
                        twice++;
                        details.Add($"call {call.Index}: {session.Id} {tool.Id} {tool.Name} was answered twice");
                    }
                    if (tool.Response is not null) answered++;
                    else if (tool.Cancelled) cancelled++;
                    else if (CouldNotHear(session, tool)) leftBehind++;
                    else
                    {
                        unanswered++;
                        details.Add($"call {call.Index}: {session.Id} {tool.Id} {tool.Name} was not answered");
                    }
                    if (tool.Name != SoakScenario.PlaceOrder) continue;
                    var number = Convert.ToInt64(tool.Args.GetProperty("number").ToString(), CultureInfo.InvariantCulture);
                    if (!utterances.TryGetValue(number, out var causes)) utterances[number] = causes = [];
                    causes.Add(call.Line.UtteranceBefore(connections.First(c => c.Session == session).Audio.LastHeardBefore(CauseOf(session, tool))));
                    wanted[number] = wanted.GetValueOrDefault(number) || !(tool.Response is null && (tool.Cancelled || CouldNotHear(session, tool)));
                }
            }
            wishes += wanted.Count;
            foreach (var (number, stillWanted) in wanted)
            {
                var times = executions.GetValueOrDefault((call.Number, number));
                if (times == 1) executed++;
                // The script has one number for a turn. A model that began anew may take another thing that the caller said for that turn: then it is another wish.
                if (times > 1 && times <= utterances[number].Count) executed++;
                else if (times > 1)
                {
                    executedTwice++;
                    details.Add($"call {call.Index}: order {number} was placed {times} times");
                }
                if (times == 0 && stillWanted)
                {
                    never++;
                    details.Add($"call {call.Index}: order {number} was never placed");
                }
            }
        }
        return new ToolVerdict(asked, answered, cancelled, leftBehind, unanswered, twice, repeated, wishes, executed, executedTwice, never, details);
    }

    /// <summary>When the caller had said what led to the call.</summary>
    private static long CauseOf(SimulatedSession session, SimulatedToolCall tool) =>
        session.Events.LastOrDefault(e => e.Kind == SessionEventKind.SpeechEnded && e.Timestamp <= tool.CalledAt) is { Timestamp: > 0 } ended ? ended.Timestamp : tool.CalledAt;

    private static bool CouldNotHear(SimulatedSession session, SimulatedToolCall tool)
    {
        var last = session.Events.LastOrDefault(static e => e.Kind == SessionEventKind.Closed).Timestamp;
        var ended = last != 0 && Stopwatch.GetElapsedTime(tool.CalledAt, last) < TimeToAnswer;
        return ended || session.Faults.Any(f => f.Timestamp <= tool.CalledAt + (long)(TimeToAnswer.TotalSeconds * Stopwatch.Frequency)
            && f.Fault is Fault.HalfOpen or Fault.DeafAndDumb or Fault.Drop or Fault.Close);
    }
}
