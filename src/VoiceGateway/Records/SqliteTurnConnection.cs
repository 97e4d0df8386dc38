using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace VoiceGateway.Records;

/// <summary>
/// SQLite lets one connection write at a time and makes the others poll. Two hundred calls that end together would sit in
/// <c>sqlite3_busy_timeout</c> on as many pool threads; here they queue without a thread: beginning a transaction waits for the
/// turn, closing the connection gives it up.
/// </summary>
internal sealed class SqliteTurnConnection(string connectionString, SemaphoreSlim writersTurn) : SqliteConnection(connectionString)
{
    // Somebody who forgot to close a connection must not stop everybody: SQLite's own lock decides then.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private bool _hasTurn;

    // Disposing closes.
    public override void Close()
    {
        base.Close();
        if (_hasTurn)
        {
            _hasTurn = false;
            writersTurn.Release();
        }
    }

    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        if (!_hasTurn)
            _hasTurn = await writersTurn.WaitAsync(LongestWait, cancellationToken);
        return BeginDbTransaction(isolationLevel);
    }

    // BEGIN IMMEDIATE: a transaction that reads first and writes later would fail with SQLITE_BUSY instead of waiting.
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => BeginTransaction(deferred: false);
}
