using System.Text.Json;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Tools;

/// <summary>
/// Runs the tool calls of one telephone call.
/// <code>
/// toolCall             -> known? -> arguments fit? -> place free? -> tool ---.
/// time-out             ----------------------------------------------------> first one settles -> sink (one answer an id)
/// toolCallCancellation, hang-up -------------------------------------------'                   -> or nothing
/// </code>
/// An id that is never answered leaves the model deaf, and an answer after a cancellation may close the session:
/// so each call is settled once, under the lock, by whatever comes first.
/// </summary>
public sealed partial class ToolDispatcher : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ToolCallInFlight> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _running = [];
    private readonly SemaphoreSlim _places;
    private readonly ToolSet _tools;
    private readonly CallContext _context;
    private readonly IToolAnswerSink _sink;
    private readonly IToolCallObserver? _observer;
    private readonly ToolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _closed;

    public ToolDispatcher(
        ToolSet tools, CallContext context, IToolAnswerSink sink, IToolCallObserver? observer,
        ToolOptions options, TimeProvider time, ILogger<ToolDispatcher> logger)
    {
        _tools = tools;
        _context = context;
        _sink = sink;
        _observer = observer;
        _options = options;
        _time = time;
        _logger = logger;
        _places = new SemaphoreSlim(options.MaxConcurrentPerCall);
    }

    /// <summary>Calls that are neither answered nor cancelled: a session should not be rotated while there are any.</summary>
    public int Pending
    {
        get
        {
            lock (_lock)
                return _calls.Values.Count(c => !c.Settled.IsCompleted);
        }
    }

    /// <summary>
    /// Starts every call of a message at once and returns without running any tool code on the caller's thread.
    /// The task completes, never with an exception, when each is answered or cancelled.
    /// An id seen before is not run again: while it runs the repetition is dropped, afterwards the same answer is sent again.
    /// </summary>
    public Task DispatchAsync(IReadOnlyList<ToolCallRequest> requests)
    {
        var accepted = new List<ToolCallInFlight>(requests.Count);
        lock (_lock)
        {
            if (_closed)
                return Task.CompletedTask;
            foreach (var request in requests)
            {
                if (_calls.TryGetValue(request.Id, out var known))
                {
                    Repeat(known, isInSameMessage: accepted.Contains(known));
                    continue;
                }

                var call = new ToolCallInFlight(request, _time.GetTimestamp());
                _calls.Add(request.Id, call);
                accepted.Add(call);
            }
        }

        foreach (var call in accepted)
        {
            LogAsked(call.Request.Name, call.Request.Id);
            LogArgumentsSensitive(call.Request.Name, call.Request.Id, call.Request.Arguments);
            Observe(o => o.Asked(call.Request));
            Track(Task.Run(() => RunAsync(call)));
        }

        return Task.WhenAll(accepted.Select(c => c.Settled));
    }

    /// <summary>Withdraws calls. When this returns, none of them will be answered; ids that are unknown or settled are passed over.</summary>
    public void Cancel(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            ToolCallInFlight? call;
            lock (_lock)
            {
                if (!_calls.TryGetValue(id, out call) || !call.TrySettle(null))
                    continue;
            }

            AfterCancel(call);
        }
    }

    /// <summary>The call is over: nothing is answered any more, tools are told to stop and given a moment to do so.</summary>
    public async ValueTask DisposeAsync()
    {
        List<ToolCallInFlight> open;
        Task[] running;
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            open = [.. _calls.Values.Where(c => c.TrySettle(null))];
            running = [.. _running];
        }

        foreach (var call in open)
            AfterCancel(call);
        try
        {
            await Task.WhenAll(running).WaitAsync(_options.HangUpGrace, _time);
        }
        catch (TimeoutException)
        {
            LogAbandoned(running.Count(t => !t.IsCompleted));
        }
    }

    // Owns every ending of one call; never throws.
    private async Task RunAsync(ToolCallInFlight call)
    {
        ToolCallResult late;
        try
        {
            if (!_tools.TryGet(call.Request.Name, out var tool))
            {
                Settle(call, Error(call, ToolCallOutcome.UnknownTool, $"there is no tool '{call.Request.Name}'; the tools are {string.Join(", ", _tools.Select(t => t.Name))}"));
                return;
            }

            if (!tool.Arguments.TryFit(call.Request.Arguments, out var arguments, out var problem))
            {
                Settle(call, Error(call, ToolCallOutcome.InvalidArguments, problem));
                return;
            }

            await using var deadline = StartDeadline(call);
            late = await InvokeAsync(call, tool, arguments);
        }
        catch (Exception e)
        {
            LogFailed(call.Request.Name, call.Request.Id, e.GetType().ToString(), e.StackTrace);
            LogFailedSensitive(e);
            late = Error(call, ToolCallOutcome.Failed, Words.Failed(call.Request.Name));
        }

        if (!Settle(call, late) && late.Outcome != ToolCallOutcome.Cancelled)
        {
            LogTooLate(call.Request.Name, call.Request.Id, late.Outcome);
            Observe(o => o.FinishedTooLate(call.Request, late, _time.GetElapsedTime(call.AskedAt)));
        }
    }

    // The deadline includes the wait for a free place: it is the caller who waits.
    private ITimer StartDeadline(ToolCallInFlight call)
    {
        var timeout = _options.TimeoutOf(call.Request.Name);
        return _time.CreateTimer(
            _ =>
            {
                if (Settle(call, Error(call, ToolCallOutcome.TimedOut, Words.TimedOut(call.Request.Name, timeout))))
                    call.Stop();
            },
            null, timeout, Timeout.InfiniteTimeSpan);
    }

    private async Task<ToolCallResult> InvokeAsync(ToolCallInFlight call, CatalogTool tool, IReadOnlyDictionary<string, JsonElement> values)
    {
        var id = call.Request.Id;
        var hasPlace = false;
        try
        {
            await _places.WaitAsync(call.Token);
            hasPlace = true;
            var arguments = new AIFunctionArguments();
            foreach (var (name, value) in values)
                arguments[name] = value;
            _context.ForToolCall(id).AttachTo(arguments);
            var result = await tool.Function.InvokeAsync(arguments, call.Token);
            return new(id, call.Request.Name, ToolAnswers.Output(tool.Function, result, _options.MaxResultBytes), ToolCallOutcome.Succeeded);
        }
        catch (ToolException e)
        {
            return Error(call, ToolCallOutcome.Refused, e.Message);
        }
        catch (OperationCanceledException) when (call.Token.IsCancellationRequested)
        {
            return Error(call, ToolCallOutcome.Cancelled, "cancelled");
        }
        finally
        {
            // A tool that ignores its token keeps its place: what is bounded is work, not answers.
            if (hasPlace)
                _places.Release();
        }
    }

    private bool Settle(ToolCallInFlight call, ToolCallResult result)
    {
        lock (_lock)
        {
            if (_closed || !call.TrySettle(result))
                return false;
            Send(result);
        }

        var duration = _time.GetElapsedTime(call.AskedAt);
        LogAnswered(result.Name, result.Id, result.Outcome, duration.TotalMilliseconds);
        LogAnswerSensitive(result.Name, result.Id, result.Response);
        Observe(o => o.Answered(call.Request, result, duration));
        return true;
    }

    private void Repeat(ToolCallInFlight known, bool isInSameMessage)
    {
        LogRepeated(known.Request.Name, known.Request.Id);
        if (!isInSameMessage && known.Result is { } result)
            Send(result);
    }

    private void Send(ToolCallResult result)
    {
        try
        {
            _sink.Answer(result);
        }
        catch (Exception e)
        {
            LogSinkFailed(e, result.Name, result.Id);
        }
    }

    private void AfterCancel(ToolCallInFlight call)
    {
        call.Stop();
        LogCancelled(call.Request.Name, call.Request.Id);
        Observe(o => o.Cancelled(call.Request, _time.GetElapsedTime(call.AskedAt)));
    }

    private void Observe(Action<IToolCallObserver> tell)
    {
        try
        {
            if (_observer is not null)
                tell(_observer);
        }
        catch (Exception e)
        {
            LogObserverFailed(e);
        }
    }

    private void Track(Task run)
    {
        lock (_lock)
            _running.Add(run);
        _ = run.ContinueWith(
            t =>
            {
                lock (_lock)
                    _running.Remove(t);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static ToolCallResult Error(ToolCallInFlight call, ToolCallOutcome outcome, string words) =>
        new(call.Request.Id, call.Request.Name, ToolAnswers.Error(words), outcome);

    [LoggerMessage(3001, LogLevel.Debug, "Tool {Tool} asked, id {ToolCallId}")]
    private partial void LogAsked(string tool, string toolCallId);

    [LoggerMessage(3002, LogLevel.Trace, "Tool {Tool}, id {ToolCallId}, arguments {Arguments}")]
    private partial void LogArgumentsSensitive(string tool, string toolCallId, JsonElement arguments);

    [LoggerMessage(3003, LogLevel.Information, "Tool {Tool} answered, id {ToolCallId}: {Outcome} after {Milliseconds:0} ms")]
    private partial void LogAnswered(string tool, string toolCallId, ToolCallOutcome outcome, double milliseconds);

    [LoggerMessage(3004, LogLevel.Trace, "Tool {Tool}, id {ToolCallId}, answer {Answer}")]
    private partial void LogAnswerSensitive(string tool, string toolCallId, JsonElement answer);

    [LoggerMessage(3005, LogLevel.Information, "Tool {Tool} cancelled, id {ToolCallId}")]
    private partial void LogCancelled(string tool, string toolCallId);

    // A tool's exception may quote its arguments: its kind and place are told here, its words at Trace.
    [LoggerMessage(3006, LogLevel.Error, "Tool {Tool} failed, id {ToolCallId}: {Fault}\n{StackTrace}")]
    private partial void LogFailed(string tool, string toolCallId, string fault, string? stackTrace);

    [LoggerMessage(3012, LogLevel.Trace, "Tool failed")]
    private partial void LogFailedSensitive(Exception exception);

    [LoggerMessage(3007, LogLevel.Warning, "Tool {Tool} finished too late, id {ToolCallId}: {Outcome}; the model was not told")]
    private partial void LogTooLate(string tool, string toolCallId, ToolCallOutcome outcome);

    [LoggerMessage(3008, LogLevel.Warning, "Tool {Tool} asked again with id {ToolCallId}; it is not run twice")]
    private partial void LogRepeated(string tool, string toolCallId);

    [LoggerMessage(3009, LogLevel.Error, "The answer of tool {Tool}, id {ToolCallId}, could not be handed to the session")]
    private partial void LogSinkFailed(Exception exception, string tool, string toolCallId);

    [LoggerMessage(3010, LogLevel.Error, "The observer of tool calls threw")]
    private partial void LogObserverFailed(Exception exception);

    [LoggerMessage(3011, LogLevel.Warning, "{Count} tools ignored the end of the call and still run")]
    private partial void LogAbandoned(int count);

    // What the model is told when no tool could say it.
    private static class Words
    {
        public static string Failed(string tool) =>
            $"{tool} failed because of a technical problem. Do not claim that it worked; tell the caller, and offer another way.";

        public static string TimedOut(string tool, TimeSpan timeout) =>
            $"{tool} gave no answer within {timeout.TotalSeconds:0.#} seconds. It is not known whether it took effect: check before you repeat it.";
    }
}
