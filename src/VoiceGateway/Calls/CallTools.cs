using System.Text.Json;
using VoiceGateway.GeminiLive;
using VoiceGateway.Telemetry;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// The tool calls of one call, over all its connections to the model. An answer goes to the connection that asked. When that one
/// is gone, its successor may not remember the question: it is told the result in words, and when it asks the same thing again,
/// because it heard the caller's wish again, it gets the same result: no tool runs twice for one wish.
/// </summary>
internal sealed class CallTools(TurnTimeline timeline, CallMetrics metrics, ConversationWatch watch, Func<string, LiveScheduling?> scheduling) : IToolAnswerSink, IToolCallObserver
{
    private sealed class Wish(LiveFunctionCall call, string runId)
    {
        public LiveFunctionCall Call => call;
        public string RunId => runId;
        public List<(int Connection, string Id)> Askers { get; } = [];
        public ToolCallResult? Result { get; set; }
        public int? AnsweredOn { get; set; }

        /// <summary>A turn of the model has ended since: what it made of the result is in the transcript.</summary>
        public bool IsSpokenOf { get; set; }

        /// <summary>The watch over the conversation counts it as pending.</summary>
        public bool IsOpen { get; set; }

        public bool IsSame(LiveFunctionCall other) => other.Name == call.Name && JsonElement.DeepEquals(other.Args, call.Args);
    }

    private readonly List<CallToolCall> _calls = [];

    // What the model may not remember yet. Guarded by itself; never held while the dispatcher is called.
    private readonly List<Wish> _wishes = [];
    private LiveLink? _link;
    private ToolDispatcher? _dispatcher;

    public void Attach(LiveLink link) => Volatile.Write(ref _link, link);

    public void RunBy(ToolDispatcher dispatcher) => _dispatcher = dispatcher;

    public int Pending => _dispatcher!.Pending;

    public IReadOnlyList<CallToolCall> Snapshot()
    {
        lock (_calls) return [.. _calls];
    }

    /// <summary>The model asks, on the connection that is up.</summary>
    public void Asked(IReadOnlyList<LiveFunctionCall> calls)
    {
        var connection = _link!.Connection;
        var requests = new List<ToolCallRequest>(calls.Count);
        foreach (var call in calls)
        {
            Wish? again;
            lock (_wishes)
            {
                again = _wishes.Find(w => !w.Askers.Exists(a => a.Connection == connection) && w.IsSame(call));
                if (again is not null)
                {
                    again.Askers.Add((connection, call.Id));
                    Open(again);
                }
                else
                {
                    // Where the server gives no ids, those of two connections are alike.
                    var runId = connection == 1 ? call.Id : $"{call.Id}~{connection}";
                    requests.Add(new ToolCallRequest(runId, call.Name, call.Args));
                    if (_wishes.Exists(w => w.RunId == runId)) continue;
                    var wish = new Wish(call, runId);
                    wish.Askers.Add((connection, call.Id));
                    _wishes.Add(wish);
                    Open(wish);
                }
            }
            if (again?.Result is { } result) Send(again, result);
        }
        if (requests.Count > 0) _ = _dispatcher!.DispatchAsync(requests);
    }

    public void Cancelled(IReadOnlyList<string> ids)
    {
        var connection = _link!.Connection;
        var runs = new List<string>();
        lock (_wishes)
        {
            foreach (var wish in _wishes.Where(w => w.Askers.RemoveAll(a => a.Connection == connection && ids.Contains(a.Id)) > 0).ToList())
            {
                runs.Add(wish.RunId);
                _wishes.Remove(wish);
                Settle(wish, answerExpected: false);
            }
        }
        _dispatcher!.Cancel(runs);
    }

    /// <summary>The model's memory now holds what it has spoken of. A handle that was on its way when an answer left knows nothing of it.</summary>
    public void Remembered()
    {
        var connection = _link!.Connection;
        lock (_wishes) _wishes.RemoveAll(w => w.AnsweredOn == connection && w.IsSpokenOf && !w.IsOpen);
    }

    public void TurnComplete()
    {
        var connection = _link!.Connection;
        lock (_wishes)
            foreach (var wish in _wishes) wish.IsSpokenOf |= wish.AnsweredOn == connection;
    }

    /// <summary>Results that a model which takes up the conversation does not know of, in words. It is told each of them once.</summary>
    /// <param name="resumed">By its own memory; otherwise by the transcript.</param>
    public IReadOnlyList<string> Unremembered(bool resumed)
    {
        var connection = _link!.Connection;
        lock (_wishes)
        {
            if (!resumed) _wishes.RemoveAll(static w => w.IsSpokenOf && !w.IsOpen);
            var finished = _wishes.Where(w => w.Result is not null && w.AnsweredOn != connection).ToList();
            foreach (var wish in finished) (wish.AnsweredOn, wish.IsSpokenOf) = (connection, false);
            return [.. finished.Select(static w => SystemNote.ToolFinished(w.Call.Name, w.Call.Args, w.Result!.Response))];
        }
    }

    void IToolAnswerSink.Answer(ToolCallResult result)
    {
        Wish? wish;
        lock (_wishes)
        {
            wish = _wishes.Find(w => w.RunId == result.Id);
            if (wish is null) return;
            wish.Result = result;
        }
        Send(wish, result);
    }

    private void Send(Wish wish, ToolCallResult result)
    {
        var link = _link!;
        (int Connection, string Id) asker;
        bool repeated;
        lock (_wishes) (asker, repeated) = (wish.Askers[^1], wish.AnsweredOn == wish.Askers[^1].Connection);
        var when = scheduling(result.Name);
        if (link.SendToolResponse(asker.Connection, [new LiveToolResult(asker.Id, result.Name, result.Response, when)]))
        {
            lock (_wishes) (wish.AnsweredOn, wish.IsSpokenOf) = (asker.Connection, repeated && wish.IsSpokenOf);
            if (!repeated) timeline.Mark(TimelineMark.ToolSent);
            Settle(wish, when != LiveScheduling.Silent);
            return;
        }
        Settle(wish, answerExpected: false);
        if (repeated) return;
        // While the link is down: OnLinkUp tells. Afterwards the new connection is told at once.
        if (link.IsUp && link.Connection != asker.Connection)
        {
            foreach (var note in Unremembered(resumed: true))
            {
                link.SendText(note, keep: false);
                watch.Nudged();
            }
        }
    }

    void IToolCallObserver.Asked(ToolCallRequest request)
    {
        var at = timeline.Mark(TimelineMark.ToolAsked);
        lock (_calls) _calls.Add(new CallToolCall(request.Id, request.Name, request.Arguments, at, null, null, null));
    }

    void IToolCallObserver.Answered(ToolCallRequest request, ToolCallResult result, TimeSpan duration)
    {
        var at = timeline.Mark(TimelineMark.ToolAnswered, (int)duration.TotalMilliseconds);
        metrics.ToolCalled(Tag(request, result.Outcome), SnakeCase.Of(result.Outcome), duration);
        Change(request.Id, c => c with { Outcome = SnakeCase.Of(result.Outcome), Result = result.Response, AnsweredAt = at });
    }

    void IToolCallObserver.Cancelled(ToolCallRequest request, TimeSpan after)
    {
        var at = timeline.Mark(TimelineMark.ToolCancelled, (int)after.TotalMilliseconds);
        metrics.ToolCalled(Tag(request, ToolCallOutcome.Cancelled), SnakeCase.Of(ToolCallOutcome.Cancelled), after);
        Change(request.Id, c => c with { Outcome = SnakeCase.Of(ToolCallOutcome.Cancelled), AnsweredAt = at });
    }

    void IToolCallObserver.FinishedTooLate(ToolCallRequest request, ToolCallResult result, TimeSpan duration) =>
        Change(request.Id, c => c with { Outcome = $"{c.Outcome}_then_{SnakeCase.Of(result.Outcome)}", Result = result.Response });

    // However often it is asked for and answered: pending once, settled once.
    private void Open(Wish wish)
    {
        if (wish.IsOpen) return;
        wish.IsOpen = true;
        watch.ToolAsked();
    }

    private void Settle(Wish wish, bool answerExpected)
    {
        lock (_wishes)
        {
            if (!wish.IsOpen) return;
            wish.IsOpen = false;
        }
        watch.ToolSettled(answerExpected);
    }

    // A name that the model made up must not become a tag.
    private static string Tag(ToolCallRequest request, ToolCallOutcome outcome) => outcome == ToolCallOutcome.UnknownTool ? "unknown" : request.Name;

    private void Change(string id, Func<CallToolCall, CallToolCall> change)
    {
        lock (_calls)
        {
            var index = _calls.FindLastIndex(c => c.Id == id);
            if (index >= 0) _calls[index] = change(_calls[index]);
        }
    }
}
