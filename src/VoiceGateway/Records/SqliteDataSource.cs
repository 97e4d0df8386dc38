using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace VoiceGateway.Records;

/// <summary>
/// SQLite as a <see cref="DbDataSource"/>. Readers run beside the writer (WAL); writers take turns,
/// see <see cref="SqliteTurnConnection"/>.
/// </summary>
public sealed class SqliteDataSource : DbDataSource
{
    // For writers of other processes; within this one the turn is what orders them.
    private const int BusyTimeoutMs = 5_000;

    // In place of SQLite's own 2 MB a connection, of which there are as many as calls that write at once: the system caches the file anyway.
    private const int CacheKilobytes = 256;

    private readonly SemaphoreSlim _writersTurn = new(1);

    static SqliteDataSource() => SQLitePCL.Batteries_V2.Init();

    public SqliteDataSource(string path) =>
        ConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            Pooling = true,
        }.ToString();

    public override string ConnectionString { get; }

    protected override DbConnection CreateDbConnection() => new SqliteTurnConnection(ConnectionString, _writersTurn);

    protected override DbConnection OpenDbConnection()
    {
        var connection = (SqliteConnection)CreateDbConnection();
        try
        {
            connection.Open();
            Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite has no asynchronous I/O: "async" would be this with more words.
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OpenDbConnection());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Pooled handles would keep the file open.
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }

        base.Dispose(disposing);
    }

    // NORMAL: with WAL a power cut can lose the last commits but never corrupts the file, and a commit waits for no disk.
    private static void Prepare(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA busy_timeout={BusyTimeoutMs}; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-{CacheKilobytes};";
        command.ExecuteNonQuery();
    }
}
