using System.ComponentModel;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Soak.Plugin;

/// <summary>
/// A tool with a side effect that can be counted: each execution is a row, with nothing that would forgive a second one for the
/// same wish. It takes its time, so that faults come while it runs.
/// </summary>
public sealed class OrdersPlugin : IToolPlugin
{
    public const string Schema =
        "CREATE TABLE soak_orders (call_id TEXT NOT NULL, caller TEXT NOT NULL, number BIGINT NOT NULL, tool_call_id TEXT NOT NULL)";

    private DbDataSource? _database;
    private TimeProvider _time = TimeProvider.System;

    public string Name => "orders";

    public async Task StartAsync(ToolPluginContext context, CancellationToken cancellationToken)
    {
        (_database, _time) = (context.Database, context.Time);
        await SchemaMigrations.ApplyAsync(context.Database, Name, [Schema], cancellationToken);
    }

    public IEnumerable<AIFunction> CreateTools(ToolPluginContext context) => [Tool.Create(PlaceOrderAsync), Tool.Create(LookUpOrderAsync)];

    [Description("Places an order.")]
    private async Task<object> PlaceOrderAsync(CallContext call, [Description("The order's number")] int number, CancellationToken cancellationToken = default)
    {
        // From 0.2 to 1.1 s, the same for the same order.
        await Task.Delay(TimeSpan.FromMilliseconds(200 + number * 7919 % 10 * 100), _time, cancellationToken);
        await using var connection = await _database!.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO soak_orders (call_id, caller, number, tool_call_id) VALUES (@call, @caller, @number, @tool)";
        Add(insert, "@call", call.CallId);
        Add(insert, "@caller", call.CallerNumber);
        Add(insert, "@number", (long)number);
        Add(insert, "@tool", call.ToolCallId);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new { Placed = true, Number = number };
    }

    [Description("Looks up whether an order has been placed.")]
    private async Task<object> LookUpOrderAsync(CallContext call, [Description("The order's number")] int number, CancellationToken cancellationToken = default)
    {
        await using var connection = await _database!.OpenConnectionAsync(cancellationToken);
        await using var select = connection.CreateCommand();
        select.CommandText = "SELECT COUNT(*) FROM soak_orders WHERE call_id = @call AND number = @number";
        Add(select, "@call", call.CallId);
        Add(select, "@number", (long)number);
        return new { Number = number, Placed = Convert.ToInt64(await select.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) > 0 };
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
