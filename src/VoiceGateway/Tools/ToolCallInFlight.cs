namespace VoiceGateway.Tools;

/// <summary>One tool call between question and answer. Its state changes under the dispatcher's lock only.</summary>
internal sealed class ToolCallInFlight(ToolCallRequest request, long askedAt)
{
    // Completes when the call is answered or cancelled, which may be before the tool itself returns.
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Never disposed: without a timer or a wait handle it holds nothing, and a cancellation may come at any time.
    private readonly CancellationTokenSource _cancellation = new();

    public ToolCallRequest Request { get; } = request;

    /// <summary>The time provider's timestamp.</summary>
    public long AskedAt { get; } = askedAt;

    public CancellationToken Token => _cancellation.Token;

    public Task Settled => _settled.Task;

    /// <summary>Null until answered; stays null when cancelled.</summary>
    public ToolCallResult? Result { get; private set; }

    /// <summary>True for the one caller that ends this call; everybody else comes too late.</summary>
    public bool TrySettle(ToolCallResult? result)
    {
        if (!_settled.TrySetResult())
            return false;
        Result = result;
        return true;
    }

    /// <summary>Tells the tool to stop. What it does upon that, and how that fails, is the tool's own affair and happens on the pool.</summary>
    public void Stop() => _cancellation.CancelAsync().ContinueWith(
        static stopped => _ = stopped.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
