using System.Text.Json;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;
using VoiceGateway.Routing;
using VoiceGateway.Tools;

namespace VoiceGateway.Calls;

/// <summary>Finds out who is calling while the phone rings. It fails softly: a call without a name is a call.</summary>
internal static partial class CustomerLookup
{
    /// <summary>A caller hears ringing for so long and no longer.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(1);

    /// <returns>What the tool found, for <see cref="CallVariables"/>; null when nobody is asked for, known, or found in time.</returns>
    /// <exception cref="OperationCanceledException">The call ended first.</exception>
    public static async Task<JsonElement?> FindAsync(AgentProfile agent, ToolCatalog tools, CallContext call, TimeProvider time, ILogger log, CancellationToken cancelled)
    {
        if (agent.Customer is not { } customer || !NeedsCustomer(agent)) return null;
        var number = AgentValue.Number(call.CallerNumber);
        if (number.Length == 0 || Find(tools, customer.Tool) is not { } tool) return null;

        using var enough = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancelled);
        try
        {
            var arguments = new AIFunctionArguments();
            if (customer.Argument is { } argument) arguments[argument] = number;
            call.AttachTo(arguments);
            // A tool may block, and may ignore its token.
            var asked = Task.Run(async () => await tool.Function.InvokeAsync(arguments, either.Token).ConfigureAwait(false), either.Token);
            return Read(await asked.WaitAsync(either.Token).ConfigureAwait(false), tool.Function.JsonSerializerOptions);
        }
        catch (Exception) when (cancelled.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancelled);
        }
        catch (OperationCanceledException)
        {
            LogTooSlow(log, tool.Name, Patience.TotalSeconds);
        }
        catch (ToolException)
        {
            // The tool's way to say "nobody".
        }
        catch (Exception e)
        {
            // Its message may quote the number.
            LogFailed(log, tool.Name, e.GetType().Name);
            LogFailedSensitive(log, e);
        }
        return null;
    }

    /// <summary>By name or <c>plugin/name</c>.</summary>
    public static CatalogTool? Find(ToolCatalog tools, string name) =>
        tools.Tools.FirstOrDefault(t => t.Name == name || t.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool NeedsCustomer(AgentProfile agent) =>
        new AgentText(agent.Instructions).NamesCustomer || new AgentText(agent.Greeting).NamesCustomer || agent.History.Any(static t => new AgentText(t.Text).NamesCustomer);

    private static JsonElement? Read(object? result, JsonSerializerOptions json)
    {
        var found = result switch
        {
            null => default,
            JsonElement element => element,
            _ => JsonSerializer.SerializeToElement(result, result.GetType(), json),
        };
        return found.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => null,
            JsonValueKind.Object when found.TryGetProperty("found", out var known) && known.ValueKind == JsonValueKind.False => null,
            _ => found,
        };
    }

    [LoggerMessage(181, LogLevel.Warning, "Customer look-up by {Tool} took longer than {Seconds:0.#} s: the call goes on without")]
    private static partial void LogTooSlow(ILogger log, string tool, double seconds);

    [LoggerMessage(182, LogLevel.Warning, "Customer look-up by {Tool} failed ({Fault}): the call goes on without")]
    private static partial void LogFailed(ILogger log, string tool, string fault);

    [LoggerMessage(183, LogLevel.Trace, "Customer look-up failed")]
    private static partial void LogFailedSensitive(ILogger log, Exception exception);
}
