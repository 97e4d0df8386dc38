using VoiceGateway.Admin;

namespace VoiceGateway.Soak;

/// <summary>Puts together what was sent, what was received, what was asked and what was done.</summary>
internal static class SoakJudge
{
    public static async Task<SoakVerdict> JudgeAsync(
        SoakCalls run, IReadOnlyDictionary<string, CallView> records, IReadOnlyList<(string Caller, long Number)> orders, CancellationToken stop)
    {
        var lines = new LineVerdict?[run.Calls.Count];
        var connections = run.Calls.Select(c => run.Sessions.Of(c.Index).Select(HeardConnection.Of).ToList()).ToList();
        await Parallel.ForEachAsync(run.Calls, stop, (call, _) =>
        {
            if (records.TryGetValue(call.Number, out var record)) lines[call.Index] = LineJudge.Judge(call, connections[call.Index], record);
            return ValueTask.CompletedTask;
        });
        return new SoakVerdict
        {
            Calls = run.Calls,
            Records = records,
            Lines = [.. lines.OfType<LineVerdict>()],
            Tools = ToolJudge.Judge(run.Calls, call => connections[call], orders),
            Faults = run.Faults,
        };
    }
}
