using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// A stub resolver: asks the name servers in turn, beginning with the one that answered last, follows aliases, and keeps
/// the answers. For SRV and NAPTR, which the platform does not look up.
/// </summary>
internal sealed class DnsClient : IAsyncDisposable
{
    private const int Rounds = 2;
    private const int MostAliases = 8;

    private readonly SipResolutionOptions _options;
    private readonly TimeProvider _time;
    private readonly SipCounters _counters;
    private readonly DnsNameServers _servers;
    private readonly DnsExchange _exchange;
    private readonly DnsCache _cache;
    private volatile int _lastGood;

    public DnsClient(SipResolutionOptions options, TimeProvider time, SipCounters counters)
    {
        _options = options;
        _time = time;
        _counters = counters;
        _servers = new DnsNameServers(options.NameServers, options.ResolvConf, time);
        _exchange = new DnsExchange(counters);
        _cache = new DnsCache(time, AskServersAsync);
    }

    /// <summary>Whether the name servers are the options' own, and to be asked for addresses too.</summary>
    public bool HasServersOfItsOwn => _servers.AreConfigured;

    /// <summary>Completes at once when the answer is known. Whatever goes wrong is an answer.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ValueTask<DnsAnswer> AskAsync(string name, DnsType type, CancellationToken cancellationToken) =>
        _servers.Current.Count == 0
            ? new ValueTask<DnsAnswer>(DnsAnswer.Nothing(null))
            : _cache.AskAsync(DnsQuestion.For(name, type), cancellationToken);

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    private async Task<DnsAnswer> AskServersAsync(DnsQuestion question, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_options.LookUpLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            if (await FollowAsync(question, either.Token).ConfigureAwait(false) is { } answer)
                return answer;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Every server was silent.
        }

        _counters.Increment(SipCounter.DnsFailures);
        return DnsAnswer.Failed;
    }

    /// <summary>The records of that type under the name, or under the one that it is an alias of (RFC 1034 section 3.6.2). Null: no answer.</summary>
    private async Task<DnsAnswer?> FollowAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        uint ttl = uint.MaxValue;
        for (int aliases = 0; aliases <= MostAliases;)
        {
            if (await AskInTurnAsync(question, cancellationToken).ConfigureAwait(false) is not { } message)
                return null;
            var name = question.Name;
            while (aliases <= MostAliases && message.Answers.OfType<DnsAliasRecord>().FirstOrDefault(record => record.Name == name) is { } alias)
            {
                aliases++;
                name = alias.Target;
                ttl = Math.Min(ttl, alias.Ttl);
            }

            var records = message.Answers.Where(record => record.Name == name && record.Type == question.Type).ToList();
            if (records.Count > 0)
                return DnsAnswer.Found(records, Math.Min(ttl, records.Min(record => record.Ttl)));
            if (message.Code == DnsMessage.NameError || message.Zone is not null || name == question.Name)
                return DnsAnswer.Nothing(message.Zone);
            question = question with { Name = name }; // the server left the rest of the chain to us
        }

        return null; // aliases going round
    }

    private async Task<DnsMessage?> AskInTurnAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        var servers = _servers.Current;
        int first = _lastGood;
        for (int i = 0; i < servers.Count * Rounds; i++)
        {
            int index = (first + i) % servers.Count;
            var message = await AskOneAsync(servers[index], question, cancellationToken).ConfigureAwait(false);
            if (message is not { Code: DnsMessage.NoError or DnsMessage.NameError })
                continue; // silent, or it cannot say: another may know
            _lastGood = index;
            return message;
        }

        return null;
    }

    private async Task<DnsMessage?> AskOneAsync(IPEndPoint server, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.ServerLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await _exchange.AskAsync(server, question, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
