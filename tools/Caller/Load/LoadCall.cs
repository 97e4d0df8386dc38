namespace VoiceGateway.Caller;

/// <summary>One caller of a load run: a call, or one after the other when the agent ends them and the caller redials.</summary>
internal sealed class LoadCall : IProgress<CallerEvent>
{
    private volatile bool _answered;
    private volatile bool _up;

    public Task<List<CallerReport>> Reports { get; private set; } = null!;

    public bool IsUp => _up;

    public bool HasEnded => Reports.IsCompleted;

    public bool IsDecided => _answered || HasEnded;

    public static LoadCall Start(Softphone softphone, CallerScript script, CallerOptions options, bool redials, CancellationToken hangUp)
    {
        var call = new LoadCall();
        call.Reports = call.RunAsync(softphone, script, options with { Progress = call }, redials, hangUp);
        return call;
    }

    void IProgress<CallerEvent>.Report(CallerEvent value)
    {
        if (value.Kind == CallerEventKind.Answered) _answered = _up = true;
        if (value.Kind == CallerEventKind.Ended) _up = false;
    }

    private async Task<List<CallerReport>> RunAsync(Softphone softphone, CallerScript script, CallerOptions options, bool redials, CancellationToken hangUp)
    {
        var reports = new List<CallerReport> { await softphone.CallAsync(script, options, hangUp).ConfigureAwait(false) };
        while (redials && reports[^1].Outcome == CallerOutcome.RemoteHungUp && !hangUp.IsCancellationRequested)
        {
            var again = await softphone.CallAsync(script, options, hangUp).ConfigureAwait(false);
            // The run ended while the caller was dialling again: that call says nothing about the peer.
            if (again is { AnsweredMs: null, Outcome: CallerOutcome.Cancelled }) break;
            reports.Add(again);
        }
        return reports;
    }
}
