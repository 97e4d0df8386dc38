using Dapper;
using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.Abstractions;

public class SchemaMigrationsTests
{
    [SkippableTheory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Apply_ManyNodesAtOnce_RunsEachScriptOnce(string kind)
    {
        await using var host = await PluginHost.OnAsync(kind);
        string[] scripts = ["CREATE TABLE things (id BIGINT PRIMARY KEY)", "INSERT INTO things (id) VALUES (1)"];
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => SchemaMigrations.ApplyAsync(host.Database, "things", scripts, CancellationToken.None))));
        await SchemaMigrations.ApplyAsync(host.Database, "things", [.. scripts, "INSERT INTO things (id) VALUES (2)"], CancellationToken.None);

        await using var connection = await host.Database.OpenConnectionAsync();
        Assert.Equal([1L, 2L], await connection.QueryAsync<long>("SELECT id FROM things ORDER BY id"));
    }

    [Fact]
    public async Task Apply_ScriptFails_LeavesNothingHalfDone()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => SchemaMigrations.ApplyAsync(
            host.Database, "things", ["CREATE TABLE things (id BIGINT)", "nonsense"], CancellationToken.None));
        await SchemaMigrations.ApplyAsync(host.Database, "things", ["CREATE TABLE things (id BIGINT)"], CancellationToken.None);
    }

    [Fact]
    public async Task Apply_DatabaseIsNewer_Refuses()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        await SchemaMigrations.ApplyAsync(host.Database, "things", ["CREATE TABLE a (id BIGINT)", "CREATE TABLE b (id BIGINT)"], CancellationToken.None);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => SchemaMigrations.ApplyAsync(host.Database, "things", ["CREATE TABLE a (id BIGINT)"], CancellationToken.None));
        Assert.Contains("newer release", error.Message);
    }
}
