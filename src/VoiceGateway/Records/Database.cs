using System.Data.Common;
using Npgsql;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Records;

/// <summary>The gateway's database, shared by its records and by the plugins.</summary>
public sealed class Database : IAsyncDisposable
{
    public const string Key = "Storage:Database";

    private const string SqlitePrefix = "sqlite:";
    private const string PostgresPrefix = "postgres:";

    private Database(DatabaseKind kind, DbDataSource source, string description)
    {
        Kind = kind;
        Source = source;
        Description = description;
    }

    public DatabaseKind Kind { get; }

    public DbDataSource Source { get; }

    /// <summary>For logs and the health page: never with a password.</summary>
    public string Description { get; }

    /// <summary>Understands <c>sqlite:PATH</c> and <c>postgres:CONNECTION-STRING</c>. Opens nothing but creates SQLite's folder.</summary>
    /// <exception cref="ConfigurationException">Anything else, or a folder that cannot be created.</exception>
    public static Database Open(string setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (setting.StartsWith(SqlitePrefix, StringComparison.OrdinalIgnoreCase))
            return OpenSqlite(setting[SqlitePrefix.Length..].Trim());
        if (setting.StartsWith(PostgresPrefix, StringComparison.OrdinalIgnoreCase))
            return OpenPostgres(setting[PostgresPrefix.Length..].Trim());

        // The value is not repeated: a connection string without its prefix has a password in it.
        throw new ConfigurationException(Key, "must be sqlite:PATH or postgres:CONNECTION-STRING");
    }

    /// <summary>Opens a transaction and gives it up: with SQLite, that also finds a file that is none of its own or is read-only.</summary>
    /// <exception cref="ConfigurationException">The database cannot be reached or written.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException or IOException)
        {
            throw new ConfigurationException(Key, $"{Description} cannot be opened: {e.Message}", e);
        }
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    public override string ToString() => Description;

    private static Database OpenSqlite(string path)
    {
        if (path.Length == 0)
            throw new ConfigurationException(Key, "sqlite: needs a path, as in sqlite:data/voicegateway.db");
        if (path.Contains(":memory:", StringComparison.Ordinal))
            throw new ConfigurationException(Key, "an in-memory SQLite database would be a new one with each connection; give a path");
        try
        {
            var full = Path.GetFullPath(path);
            if (Directory.Exists(full))
                throw new ConfigurationException(Key, $"'{path}' is a folder; name a file in it");
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            return new Database(DatabaseKind.Sqlite, new SqliteDataSource(full), $"sqlite:{path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ConfigurationException(Key, $"the folder of '{path}' cannot be created: {e.Message}", e);
        }
    }

    private static Database OpenPostgres(string connectionString)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrWhiteSpace(parsed.Host))
                throw new ConfigurationException(Key, "postgres: needs a host, as in postgres:Host=db;Database=voicegateway;Username=gateway;Password=…");
            parsed.ApplicationName ??= "voicegateway";
            return new Database(
                DatabaseKind.Postgres, NpgsqlDataSource.Create(parsed), $"postgres:{parsed.Host}:{parsed.Port}/{parsed.Database ?? parsed.Username}");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or NotSupportedException)
        {
            throw new ConfigurationException(Key, "the PostgreSQL connection string is not valid: Host=…;Database=…;Username=…;Password=… is expected", e);
        }
    }
}
