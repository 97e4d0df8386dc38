using System.Text.Json;
using VoiceGateway.GeminiLive;
using VoiceGateway.Telemetry;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>The tool calls of one call: answers go to the session that asked, marks to the timeline, the story to the record.</summary>
internal sealed class CallTools(TurnTimeline timeline, CallMetrics metrics) : IToolAnswerSink, IToolCallObserver
{
    private readonly List<CallToolCall> _calls = [];
    private LiveSession? _live;

    public void Attach(LiveSession live) => Volatile.Write(ref _live, live);

    public IReadOnlyList<CallToolCall> Snapshot()
    {
        lock (_calls) return [.. _calls];
    }

    public void Answer(ToolCallResult result)
    {
        if (Volatile.Read(ref _live)?.SendToolResponse([new LiveToolResult(result.Id, result.Name, result.Response)]) == true)
            timeline.Mark(TimelineMark.ToolSent);
    }

    public void Asked(ToolCallRequest request)
    {
        var at = timeline.Mark(TimelineMark.ToolAsked);
        lock (_calls) _calls.Add(new CallToolCall(request.Id, request.Name, request.Arguments, at, null, null, null));
    }

    public void Answered(ToolCallRequest request, ToolCallResult result, TimeSpan duration)
    {
        var at = timeline.Mark(TimelineMark.ToolAnswered, (int)duration.TotalMilliseconds);
        metrics.ToolCalled(Tag(request, result.Outcome), Word(result.Outcome), duration);
        Change(request.Id, c => c with { Outcome = Word(result.Outcome), Result = result.Response, AnsweredAt = at });
    }

    public void Cancelled(ToolCallRequest request, TimeSpan after)
    {
        var at = timeline.Mark(TimelineMark.ToolCancelled, (int)after.TotalMilliseconds);
        metrics.ToolCalled(Tag(request, ToolCallOutcome.Cancelled), Word(ToolCallOutcome.Cancelled), after);
        Change(request.Id, c => c with { Outcome = Word(ToolCallOutcome.Cancelled), AnsweredAt = at });
    }

    public void FinishedTooLate(ToolCallRequest request, ToolCallResult result, TimeSpan duration) =>
        Change(request.Id, c => c with { Outcome = $"{c.Outcome}_then_{Word(result.Outcome)}", Result = result.Response });

    // A name that the model made up must not become a tag.
    private static string Tag(ToolCallRequest request, ToolCallOutcome outcome) => outcome == ToolCallOutcome.UnknownTool ? "unknown" : request.Name;

    private static string Word(ToolCallOutcome outcome) => JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());

    private void Change(string id, Func<CallToolCall, CallToolCall> change)
    {
        lock (_calls)
        {
            var index = _calls.FindLastIndex(c => c.Id == id);
            if (index >= 0) _calls[index] = change(_calls[index]);
        }
    }
}
