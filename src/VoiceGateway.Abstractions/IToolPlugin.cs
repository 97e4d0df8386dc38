using Microsoft.Extensions.AI;

namespace VoiceGateway.Abstractions;

/// <summary>A set of tools that the model may call during a telephone call. One instance serves the whole gateway.</summary>
public interface IToolPlugin
{
    /// <summary>
    /// The plugin's name: its settings are in <c>Plugins:{Name}</c>, and an agent selects its tools as <c>{name}/*</c>.
    /// Letters, digits, dots, underscores and hyphens.
    /// </summary>
    string Name { get; }

    /// <summary>Runs once, before <see cref="CreateTools"/>: create tables, warm caches. An exception stops the start-up.</summary>
    Task StartAsync(ToolPluginContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The tools, made once at start-up; see <see cref="Tool.Create"/>. They are called by many calls at once.</summary>
    IEnumerable<AIFunction> CreateTools(ToolPluginContext context);
}
