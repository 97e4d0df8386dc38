using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace VoiceGateway.Sip;

/// <summary>All transactions of an endpoint. A transaction removes itself when it terminates.</summary>
internal sealed class TransactionTable
{
    private readonly ConcurrentDictionary<ServerTransactionKey, ServerTransaction> _server = new();
    private readonly ConcurrentDictionary<ClientTransactionKey, ClientTransaction> _client = new();
    private readonly ConcurrentDictionary<MergeKey, ServerTransaction> _mergeable = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool TryFind(in ServerTransactionKey key, [NotNullWhen(true)] out ServerTransaction? transaction) =>
        _server.TryGetValue(key, out transaction);

    public bool TryFind(in ClientTransactionKey key, [NotNullWhen(true)] out ClientTransaction? transaction) =>
        _client.TryGetValue(key, out transaction);

    /// <summary>Whether the same request is already being served under another branch.</summary>
    public bool IsMerged(SipRequest request) => MergeKey.Of(request) is { } key && _mergeable.ContainsKey(key);

    /// <summary>False when another thread took the same request up first.</summary>
    public bool TryAdd(ServerTransaction transaction)
    {
        if (!_server.TryAdd(transaction.Key, transaction))
            return false;
        if (MergeKey.Of(transaction.Request) is { } key)
            _mergeable.TryAdd(key, transaction);
        Interlocked.Increment(ref _count);
        return true;
    }

    public void Add(ClientTransaction transaction)
    {
        if (_client.TryAdd(transaction.Key, transaction))
            Interlocked.Increment(ref _count);
    }

    public void Remove(ServerTransaction transaction)
    {
        if (!_server.TryRemove(new(transaction.Key, transaction)))
            return;
        if (MergeKey.Of(transaction.Request) is { } key)
            _mergeable.TryRemove(new(key, transaction));
        Interlocked.Decrement(ref _count);
    }

    public void Remove(ClientTransaction transaction)
    {
        if (_client.TryRemove(new(transaction.Key, transaction)))
            Interlocked.Decrement(ref _count);
    }

    /// <summary>Ends everything: no timer is left once each mailbox has run.</summary>
    public void TerminateAll()
    {
        foreach (var transaction in _server.Values)
            transaction.Mailbox.Post(transaction.Terminate);
        foreach (var transaction in _client.Values)
            transaction.Mailbox.Post(transaction.Abort);
    }
}
