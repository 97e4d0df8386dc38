using System.Text.Json;
using Microsoft.Extensions.AI;

namespace VoiceGateway.Tools;

/// <summary>A tool as the gateway knows it.</summary>
public sealed class CatalogTool
{
    internal CatalogTool(string plugin, AIFunction function)
    {
        Plugin = plugin;
        Function = function;
        ParametersSchema = LiveSchema.From(function.JsonSchema);
        Arguments = new ArgumentSchema(function.JsonSchema);
    }

    public string Name => Function.Name;

    public string Description => Function.Description;

    /// <summary>The plugin that brought it.</summary>
    public string Plugin { get; }

    /// <summary>For <c>parametersJsonSchema</c> of the Live setup: only keywords that the service accepts.</summary>
    public JsonElement ParametersSchema { get; }

    public AIFunction Function { get; }

    internal ArgumentSchema Arguments { get; }

    public override string ToString() => $"{Plugin}/{Name}";
}
