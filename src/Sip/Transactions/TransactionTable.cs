using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace VoiceGateway.Sip;

/// <summary>All transactions of an endpoint. A transaction removes itself when it terminates.</summary>
internal sealed class TransactionTable
{
    private readonly ConcurrentDictionary<ServerTransactionKey, Served> _server = new();
    private readonly ConcurrentDictionary<ClientTransactionKey, ClientTransaction> _client = new();
    private readonly ConcurrentDictionary<MergeKey, IServedRequest> _mergeable = new();
    private readonly SourceCounts _sources = new();
    private readonly TokenSet _serverBranches = new();
    private readonly TokenSet _clientBranches = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Server transactions whose requests came from this source.</summary>
    public int CountOf(SourceKey source) => _sources.Of(source);

    public bool TryFind(in ServerTransactionKey key, [NotNullWhen(true)] out IServedRequest? request)
    {
        request = _server.TryGetValue(key, out var served) ? served.Request : null;
        return request is not null;
    }

    public bool TryFind(in ClientTransactionKey key, [NotNullWhen(true)] out ClientTransaction? transaction) =>
        _client.TryGetValue(key, out transaction);

    /// <summary>Whether a branch as it stands in a request may be that of a transaction. An element of RFC 2543 has none that counts.</summary>
    public bool MayHoldServer(ReadOnlySpan<byte> branch) => _serverBranches.Contains(branch);

    /// <summary>Whether a branch as it stands in a response may be that of a request of ours.</summary>
    public bool MayHoldClient(ReadOnlySpan<byte> branch) => _clientBranches.Contains(branch);

    /// <summary>
    /// Whether the same request is being served, or was answered well, under another branch. One that was refused may be another try
    /// by another way (RFC 3263 section 4.3), which deserves the true reason rather than 482.
    /// </summary>
    public bool IsMerged(SipRequest request) =>
        MergeKey.Of(request) is { } key && _mergeable.TryGetValue(key, out var first) && first.LastStatus < 300;

    /// <summary>False when another thread took the same request up first.</summary>
    public bool TryAdd(ServerTransaction transaction, SourceKey source = default)
    {
        _serverBranches.Add(transaction.Key.Branch); // first, so that it cannot be removed before it is there
        _sources.Add(source);
        if (!_server.TryAdd(transaction.Key, new Served(transaction, source)))
        {
            _serverBranches.Remove(transaction.Key.Branch);
            _sources.Remove(source);
            return false;
        }

        if (MergeKey.Of(transaction.Request) is { } key)
            _mergeable[key] = transaction;
        Interlocked.Increment(ref _count);
        return true;
    }

    public void Add(ClientTransaction transaction)
    {
        _clientBranches.Add(transaction.Key.Branch);
        if (_client.TryAdd(transaction.Key, transaction))
            Interlocked.Increment(ref _count);
        else
            _clientBranches.Remove(transaction.Key.Branch);
    }

    /// <summary>False when the transaction is not there any more.</summary>
    public bool Replace(ServerTransaction transaction, AnsweredRequest answered)
    {
        if (!_server.TryGetValue(transaction.Key, out var served) || !_server.TryUpdate(transaction.Key, new Served(answered, served.Source), new Served(transaction, served.Source)))
            return false;
        if (answered.MergeKey is { } key)
            _mergeable.TryUpdate(key, answered, transaction);
        return true;
    }

    public void Remove(ServerTransaction transaction) => Remove(transaction, MergeKey.Of(transaction.Request));

    public void Remove(AnsweredRequest answered) => Remove(answered, answered.MergeKey);

    public void Remove(ClientTransaction transaction)
    {
        if (!_client.TryRemove(new(transaction.Key, transaction)))
            return;
        _clientBranches.Remove(transaction.Key.Branch);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Ends everything: no timer is left once each mailbox has run.</summary>
    public void TerminateAll()
    {
        foreach (var served in _server.Values)
            served.Request.End();
        foreach (var transaction in _client.Values)
            transaction.Mailbox.Post(transaction.Abort);
    }

    private void Remove(IServedRequest request, MergeKey? mergeKey)
    {
        if (!_server.TryGetValue(request.Key, out var served) || served.Request != request || !_server.TryRemove(new(request.Key, served)))
            return;
        if (mergeKey is { } key)
            _mergeable.TryRemove(new(key, request));
        _serverBranches.Remove(request.Key.Branch);
        _sources.Remove(served.Source);
        Interlocked.Decrement(ref _count);
    }

    private readonly record struct Served(IServedRequest Request, SourceKey Source);
}
