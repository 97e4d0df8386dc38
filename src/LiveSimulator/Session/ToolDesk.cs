using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

internal enum ToolAnswer
{
    Accepted,

    /// <summary>More is to come for this call (<c>willContinue</c>).</summary>
    Partial,

    /// <summary>The call had been cancelled or answered.</summary>
    Late,

    /// <summary>No such call was ever made in this session.</summary>
    Unknown,
}

/// <summary>The calls that wait for the client's answers. One batch at a time, for there is one reply at a time.</summary>
internal sealed class ToolDesk
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _issued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpenToolCall> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _aside = new(StringComparer.Ordinal);
    private readonly List<ToolResult> _results = [];
    private TaskCompletionSource<IReadOnlyList<ToolResult>> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every call has been answered; in the order of the answers.</summary>
    public Task<IReadOnlyList<ToolResult>> Open(IReadOnlyList<OpenToolCall> calls)
    {
        lock (_gate)
        {
            _results.Clear();
            _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var call in calls)
            {
                _issued.Add(call.Id);
                _open.Add(call.Id, call);
            }

            return _answered.Task;
        }
    }

    public bool IsWaiting
    {
        get
        {
            lock (_gate)
                return _open.Count > 0;
        }
    }

    /// <summary>A call that nobody waits for.</summary>
    public void OpenAside(OpenToolCall call)
    {
        lock (_gate)
        {
            _issued.Add(call.Id);
            _aside.Add(call.Id);
        }
    }

    /// <summary>Gives up all calls that wait, and says which they were.</summary>
    public IReadOnlyList<string> CancelAll()
    {
        lock (_gate)
        {
            string[] ids = [.. _open.Keys];
            _open.Clear();
            return ids;
        }
    }

    /// <param name="id">Null: the oldest call of that name, for clients that were sent no ids.</param>
    /// <param name="name">The function's name.</param>
    /// <param name="response">The whole response.</param>
    /// <param name="scheduling">As sent.</param>
    /// <param name="willContinue">This is not the last response to the call.</param>
    /// <param name="answeredId">The call's id.</param>
    public ToolAnswer Answer(string? id, string? name, JsonElement response, string? scheduling, bool willContinue, out string? answeredId)
    {
        lock (_gate)
        {
            answeredId = id ?? _open.Values.FirstOrDefault(call => call.Name == name)?.Id;
            if (answeredId is not null && !willContinue && _aside.Remove(answeredId))
                return ToolAnswer.Accepted;
            if (answeredId is null || !_open.TryGetValue(answeredId, out var call))
                return answeredId is not null && _issued.Contains(answeredId) ? ToolAnswer.Late : ToolAnswer.Unknown;
            if (willContinue)
                return ToolAnswer.Partial;
            _open.Remove(answeredId);
            _results.Add(new(call, response, scheduling));
            if (_open.Count == 0)
                _answered.TrySetResult([.. _results]);
            return ToolAnswer.Accepted;
        }
    }
}
