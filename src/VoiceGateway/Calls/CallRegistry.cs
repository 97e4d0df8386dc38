using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>The calls that are running. A call is in it from its INVITE until its record is stored.</summary>
public sealed class CallRegistry
{
    private readonly ConcurrentDictionary<string, (Call Call, Task Running)> _calls = new(StringComparer.Ordinal);

    // Asked for each request within a call, on the receiving threads.
    private readonly ConcurrentDictionary<SipCall, Call> _dialogs = new();

    public int Count => _calls.Count;

    public IReadOnlyList<Call> All => [.. _calls.Values.Select(static c => c.Call).OrderBy(static c => c.StartedAt)];

    /// <summary>Raised when a call begins; the demo's display listens here.</summary>
    public event Action<Call>? Added;

    /// <param name="call">The call.</param>
    /// <param name="run">Runs it to its end, record included; is taken out of the registry then. Not called when this throws.</param>
    public void Run(Call call, Func<Task> run)
    {
        call.GoesBy = sip => Known(sip, call);
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A call is nobody's request: its logs and traces hang below none.
        Task running;
        using (ExecutionContext.SuppressFlow()) running = Task.Run(() => RunThenRemoveAsync(call, run, started.Task));
        _calls[call.Id] = (call, running);
        var isWelcome = false;
        try
        {
            Added?.Invoke(call);
            isWelcome = true;
        }
        finally
        {
            started.SetResult(isWelcome);
        }
    }

    /// <summary>By our id or by the Call-ID of its signalling.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out Call? call)
    {
        call = _calls.TryGetValue(id, out var entry) ? entry.Call : _calls.Values.Select(static c => c.Call).FirstOrDefault(c => c.SipCallId == id);
        return call is not null;
    }

    /// <summary>The call that goes by this dialog now; null: none does, or not any more.</summary>
    public Call? Of(SipCall sip) => _dialogs.TryGetValue(sip, out var call) && call.Sip == sip && _calls.ContainsKey(call.Id) ? call : null;

    /// <summary>Completes when no call is left that runs now.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_calls.Values.Select(static c => c.Running));

    private void Known(SipCall sip, Call call)
    {
        _dialogs[sip] = call;
        _ = sip.Completion.ContinueWith((_, _) => _dialogs.TryRemove(sip, out var _), null, TaskScheduler.Default);
    }

    private async Task RunThenRemoveAsync(Call call, Func<Task> run, Task<bool> started)
    {
        var isWelcome = await started.ConfigureAwait(false);
        try
        {
            if (isWelcome) await run().ConfigureAwait(false);
        }
        finally
        {
            _calls.TryRemove(call.Id, out _);
        }
    }
}
