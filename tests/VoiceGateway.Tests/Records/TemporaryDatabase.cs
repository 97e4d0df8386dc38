using Npgsql;
using VoiceGateway.Records;

namespace VoiceGateway.Tests.Records;

/// <summary>A database of a test's own: a file, or a schema on the server that VOICEGATEWAY_TEST_POSTGRES names.</summary>
internal sealed class TemporaryDatabase : IAsyncDisposable
{
    private readonly Func<Task> _cleanUp;

    private TemporaryDatabase(Database database, Func<Task> cleanUp)
    {
        Database = database;
        _cleanUp = cleanUp;
    }

    /// <summary>"postgres" only where a server for tests is named.</summary>
    public static TheoryData<string> Kinds => string.IsNullOrEmpty(PostgresServer) ? ["sqlite"] : ["sqlite", "postgres"];

    public Database Database { get; }

    private static string? PostgresServer => Environment.GetEnvironmentVariable("VOICEGATEWAY_TEST_POSTGRES");

    public static async Task<TemporaryDatabase> CreateAsync(string kind)
    {
        if (kind == "sqlite")
        {
            var folder = Directory.CreateTempSubdirectory("vg-records-");
            return new(Database.Open($"sqlite:{Path.Combine(folder.FullName, "deep", "test.db")}"), () =>
            {
                folder.Delete(recursive: true);
                return Task.CompletedTask;
            });
        }

        var server = PostgresServer!;
        var schema = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync(server, $"CREATE SCHEMA {schema}");
        return new(
            Database.Open($"postgres:{new NpgsqlConnectionStringBuilder(server) { SearchPath = schema, MaxPoolSize = 30 }}"),
            () => ExecuteAsync(server, $"DROP SCHEMA {schema} CASCADE"));
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _cleanUp();
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
