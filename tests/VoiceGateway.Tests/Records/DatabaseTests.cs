using Dapper;
using VoiceGateway.Abstractions;
using VoiceGateway.Records;

namespace VoiceGateway.Tests.Records;

public class DatabaseTests
{
    [Theory]
    [InlineData("", "must be sqlite:PATH or postgres:CONNECTION-STRING")]
    [InlineData("mysql:Host=x;Password=secret", "must be sqlite:PATH or postgres:CONNECTION-STRING")]
    [InlineData("sqlite:", "needs a path")]
    [InlineData("sqlite::memory:", "in-memory")]
    [InlineData("sqlite:/", "is a folder")]
    [InlineData("sqlite:/proc/none/x.db", "cannot be created")]
    [InlineData("postgres:", "needs a host")]
    [InlineData("postgres:nonsense", "connection string is not valid")]
    [InlineData("postgres:Host=x;Password=secret;Colour=red", "connection string is not valid")]
    public void Open_WrongValue_NamesTheKeyAndKeepsSecrets(string setting, string words)
    {
        var error = Assert.Throws<ConfigurationException>(() => Database.Open(setting));
        Assert.StartsWith("Storage:Database: ", error.Message);
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain("secret", error.Message);
    }

    [Fact]
    public async Task Open_Postgres_DescribesItselfWithoutThePassword()
    {
        await using var database = Database.Open("postgres:Host=db;Database=vg;Username=u;Password=secret");
        Assert.Equal(DatabaseKind.Postgres, database.Kind);
        Assert.Equal("postgres:db:5432/vg", database.ToString());
    }

    [Fact]
    public async Task Check_ServerNotThere_NamesTheKey()
    {
        await using var database = Database.Open("postgres:Host=127.0.0.1;Port=1;Database=vg;Username=u;Timeout=2");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => database.CheckAsync(CancellationToken.None));
        Assert.StartsWith("Storage:Database: postgres:127.0.0.1:1/vg cannot be opened", error.Message);
    }

    [Fact]
    public async Task Check_FileIsNoDatabase_NamesTheKey()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('x', 4096));
        await using var database = Database.Open($"sqlite:{file}");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => database.CheckAsync(CancellationToken.None));
        Assert.StartsWith("Storage:Database", error.Message);
        File.Delete(file);
    }

    [Fact]
    public async Task Sqlite_Opened_UsesAWriteAheadLogAndForeignKeys()
    {
        await using var temporary = await TemporaryDatabase.CreateAsync("sqlite");
        await temporary.Database.CheckAsync(CancellationToken.None);
        await using var connection = await temporary.Database.Source.OpenConnectionAsync();
        Assert.Equal("wal", await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("PRAGMA foreign_keys"));
        Assert.Equal(5000, await connection.ExecuteScalarAsync<long>("PRAGMA busy_timeout"));
    }

    [Fact]
    public async Task Sqlite_WritersInParallel_TakeTurnsAndReadersDoNotWait()
    {
        await using var temporary = await TemporaryDatabase.CreateAsync("sqlite");
        await using var first = await temporary.Database.Source.OpenConnectionAsync();
        await first.ExecuteAsync("CREATE TABLE t (id BIGINT)");
        await using var transaction = await first.BeginTransactionAsync();
        await first.ExecuteAsync("INSERT INTO t VALUES (1)", transaction: transaction);

        await using var second = await temporary.Database.Source.OpenConnectionAsync();
        Assert.Equal(0, await second.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM t"));
        var waiting = second.BeginTransactionAsync().AsTask();
        await Task.Delay(50);
        Assert.False(waiting.IsCompleted);

        await transaction.CommitAsync();
        await first.CloseAsync();
        await using var turn = await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, await second.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM t", transaction: turn));
    }

    [Fact]
    public async Task Sqlite_WaitForTheTurnIsCancelled_LeavesTheTurnToOthers()
    {
        await using var temporary = await TemporaryDatabase.CreateAsync("sqlite");
        using var cancellation = new CancellationTokenSource();
        await using (var first = await temporary.Database.Source.OpenConnectionAsync())
        await using (await first.BeginTransactionAsync())
        await using (var second = await temporary.Database.Source.OpenConnectionAsync())
        {
            var waiting = second.BeginTransactionAsync(cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        await using var third = await temporary.Database.Source.OpenConnectionAsync();
        await using var turn = await third.BeginTransactionAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
