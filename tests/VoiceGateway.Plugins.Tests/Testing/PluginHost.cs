using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Npgsql;
using VoiceGateway.Abstractions;
using VoiceGateway.Records;

namespace VoiceGateway.Plugins.Tests.Testing;

/// <summary>Runs plugins as the gateway does: on a database of their own, each tool by its name with JSON arguments.</summary>
internal sealed class PluginHost : IAsyncDisposable
{
    // A Thursday.
    public static readonly DateTimeOffset Noon = new(2026, 9, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly Func<ValueTask> _cleanUp;
    private readonly Dictionary<string, AIFunction> _tools = [];
    private int _toolCalls;

    private PluginHost(DbDataSource database, Func<ValueTask> cleanUp)
    {
        Database = database;
        _cleanUp = cleanUp;
    }

    public DbDataSource Database { get; }

    public ManualTime Time { get; } = new(Noon);

    public RecordingControl Control { get; } = new();

    public static Task<PluginHost> OnSqliteAsync(string settings = "{}", string business = "{}")
    {
        var folder = Directory.CreateTempSubdirectory("vg-plugins-");
        var database = new SqliteDataSource(Path.Combine(folder.FullName, "test.db"));
        return StartAsync(database, settings, business, () =>
        {
            database.Dispose();
            folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>In a schema of its own on the server that VOICEGATEWAY_TEST_POSTGRES names; skips the test without one.</summary>
    public static async Task<PluginHost> OnPostgresAsync(string settings = "{}", string business = "{}")
    {
        var server = Environment.GetEnvironmentVariable("VOICEGATEWAY_TEST_POSTGRES");
        Skip.If(string.IsNullOrEmpty(server), "VOICEGATEWAY_TEST_POSTGRES names no server");
        var schema = $"test_{Guid.NewGuid():N}";
        await using (var admin = NpgsqlDataSource.Create(server!))
        await using (var create = admin.CreateCommand($"CREATE SCHEMA {schema}"))
            await create.ExecuteNonQueryAsync();
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { SearchPath = schema, MaxPoolSize = 40 });
        return await StartAsync(database, settings, business, async () =>
        {
            await using (var drop = database.CreateCommand($"DROP SCHEMA {schema} CASCADE"))
                await drop.ExecuteNonQueryAsync();
            await database.DisposeAsync();
        });
    }

    public static Task<PluginHost> OnAsync(string kind, string settings = "{}", string business = "{}") =>
        kind == "postgres" ? OnPostgresAsync(settings, business) : OnSqliteAsync(settings, business);

    public CallContext Call(string callId = "call-1", string caller = "+4930123456") => new()
    {
        CallId = callId,
        CallerNumber = caller,
        CalledNumber = "100",
        AgentName = "default",
        StartedAt = Noon,
        Control = Control,
    };

    /// <summary>The result as the model sees it.</summary>
    public async Task<JsonElement> InvokeAsync(string tool, object arguments, CallContext? call = null, string? toolCallId = null, CancellationToken cancellationToken = default)
    {
        var given = new AIFunctionArguments();
        foreach (var property in JsonSerializer.SerializeToElement(arguments).EnumerateObject())
            given[property.Name] = property.Value;
        (call ?? Call()).ForToolCall(toolCallId ?? $"id-{Interlocked.Increment(ref _toolCalls)}").AttachTo(given);
        return Assert.IsType<JsonElement>(await _tools[tool].InvokeAsync(given, cancellationToken));
    }

    /// <summary>The words with which a tool refuses.</summary>
    public async Task<string> RefusalAsync(string tool, object arguments, CallContext? call = null) =>
        (await Assert.ThrowsAsync<ToolException>(() => InvokeAsync(tool, arguments, call))).Message;

    public AIFunction Tool(string name) => _tools[name];

    public ValueTask DisposeAsync() => _cleanUp();

    private static async Task<PluginHost> StartAsync(DbDataSource database, string settings, string business, Func<ValueTask> cleanUp)
    {
        var host = new PluginHost(database, cleanUp);
        try
        {
            await host.StartPluginsAsync(settings, business);
            return host;
        }
        catch
        {
            await cleanUp();
            throw;
        }
    }

    private async Task StartPluginsAsync(string settings, string business)
    {
        foreach (var plugin in BuiltInPlugins.Create())
        {
            var context = new ToolPluginContext
            {
                Database = Database,
                Time = Time,
                Settings = plugin.Name switch
                {
                    "bookings" => PluginSettings.Parse("Plugins:bookings", settings),
                    "callcentre" => PluginSettings.Parse("Plugins:callcentre", """{"PressKeys":"true"}"""),
                    _ => PluginSettings.Empty,
                },
                Business = PluginSettings.Parse("Business", business),
            };
            await plugin.StartAsync(context, CancellationToken.None);
            foreach (var tool in plugin.CreateTools(context))
                _tools.Add(tool.Name, tool);
        }
    }
}
