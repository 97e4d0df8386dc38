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
    /// <param name="sessionsOf">The simulator's sessions of a call.</param>
    /// <param name="orders">Caller and number of each execution, in order.</param>
    public static ToolVerdict Judge(IReadOnlyList<SoakCall> calls, Func<int, IReadOnlyList<SimulatedSession>> sessionsOf, IReadOnlyList<(string Caller, long Number)> orders)
    {
        int asked = 0, answered = 0, cancelled = 0, leftBehind = 0, unanswered = 0, twice = 0, wishes = 0, executed = 0, executedTwice = 0, never = 0;
        var details = new List<string>();
        var executions = orders.CountBy(static o => o).ToDictionary();
        foreach (var call in calls)
        {
            var wanted = new Dictionary<long, bool>();
            var sessions = sessionsOf(call.Index);
            foreach (var session in sessions)
            {
                var isLast = session == sessions[^1];
                foreach (var tool in session.ToolCalls)
                {
                    asked++;
                    // An answer that crossed with the cancellation is no second answer.
                    if (tool is { AnsweredLate: true, Cancelled: false })
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
                    wanted[number] = wanted.GetValueOrDefault(number) || !(tool.Response is null && (tool.Cancelled || (isLast && CouldNotHear(session, tool))));
                }
            }
            wishes += wanted.Count;
            foreach (var (number, stillWanted) in wanted)
            {
                var times = executions.GetValueOrDefault((call.Number, number));
                if (times == 1) executed++;
                if (times > 1)
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
        return new ToolVerdict(asked, answered, cancelled, leftBehind, unanswered, twice, wishes, executed, executedTwice, never, details);
    }

    private static bool CouldNotHear(SimulatedSession session, SimulatedToolCall tool)
    {
        var last = session.Events.LastOrDefault(static e => e.Kind == SessionEventKind.Closed).Timestamp;
        var ended = last != 0 && Stopwatch.GetElapsedTime(tool.CalledAt, last) < TimeToAnswer;
        return ended || session.Faults.Any(f => f.Timestamp <= tool.CalledAt + (long)(TimeToAnswer.TotalSeconds * Stopwatch.Frequency)
            && f.Fault is Fault.HalfOpen or Fault.DeafAndDumb or Fault.Drop or Fault.Close);
    }
}
