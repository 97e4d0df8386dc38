namespace VoiceGateway.Sip;

/// <summary>
/// Answers for as long as they are good, and one question at a time for the same name. A question once begun is finished for
/// all who wait for it, whoever gives up. When nobody answers any more, an answer found within the last day still counts
/// (RFC 8767): a trunk must not go down with a name server.
/// </summary>
internal sealed class DnsCache(TimeProvider time, Func<DnsQuestion, CancellationToken, Task<DnsAnswer>> ask, int capacity = 2048, int mostUnderWay = 128) : IAsyncDisposable
{
    private static readonly TimeSpan StaleLimit = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<DnsQuestion, Entry> _entries = [];
    private readonly Dictionary<DnsQuestion, Task<DnsAnswer>> _underWay = [];
    private readonly CancellationTokenSource _stop = new();

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    public ValueTask<DnsAnswer> AskAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        Task<DnsAnswer> asking;
        lock (_gate)
        {
            if (_entries.TryGetValue(question, out var known) && time.GetElapsedTime(known.AskedAt) < known.HeldFor)
                return new ValueTask<DnsAnswer>(known.Answer);
            if (!_underWay.TryGetValue(question, out asking!))
            {
                if (_underWay.Count >= mostUnderWay || _stop.IsCancellationRequested)
                    return new ValueTask<DnsAnswer>(known?.Answer ?? DnsAnswer.Failed);
                _underWay[question] = asking = Task.Run(() => AskNowAsync(question), CancellationToken.None);
            }
        }

        return new ValueTask<DnsAnswer>(asking.WaitAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] underWay;
        lock (_gate)
            underWay = [.. _underWay.Values];
        await Task.WhenAll(underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<DnsAnswer> AskNowAsync(DnsQuestion question)
    {
        DnsAnswer? answer = null;
        try
        {
            answer = await ask(question, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            answer = DnsAnswer.Failed; // disposed
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(question);
                if (answer is not null)
                    answer = Keep(question, answer);
            }
        }

        return answer;
    }

    /// <summary>
    /// What counts from now on: the answer, or the one from before where this one is a failure. Failures in a row are held
    /// longer each time: there are networks that never answer about NAPTR, and not every call must wait for that.
    /// </summary>
    private DnsAnswer Keep(DnsQuestion question, DnsAnswer answer)
    {
        long now = time.GetTimestamp();
        _entries.TryGetValue(question, out var known);
        int failures = answer.Outcome == DnsOutcome.Failed ? (known?.Failures ?? 0) + 1 : 0;
        var hold = answer.GoodFor * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        if (failures > 0 && hold > LongestHold)
            hold = LongestHold;
        bool isStale = failures > 0 && known is { Answer.Outcome: DnsOutcome.Found } && time.GetElapsedTime(known.FoundAt, now) < StaleLimit;
        if (known is null && _entries.Count >= capacity)
            MakeRoom(now);
        var entry = new Entry(isStale ? known!.Answer : answer, now, hold, isStale ? known!.FoundAt : now, failures);
        _entries[question] = entry;
        return entry.Answer;
    }

    /// <summary>
    /// A quarter at once, so that a flood of names does not sort the table for each: what found nothing first, then what is over soonest.
    /// </summary>
    private void MakeRoom(long now)
    {
        var worst = _entries
            .OrderBy(entry => entry.Value.Answer.Outcome == DnsOutcome.Found)
            .ThenBy(entry => entry.Value.HeldFor - time.GetElapsedTime(entry.Value.AskedAt, now))
            .Take(Math.Max(1, capacity / 4))
            .Select(entry => entry.Key)
            .ToList();
        foreach (var question in worst)
            _entries.Remove(question);
    }

    private sealed record Entry(DnsAnswer Answer, long AskedAt, TimeSpan HeldFor, long FoundAt, int Failures);
}
