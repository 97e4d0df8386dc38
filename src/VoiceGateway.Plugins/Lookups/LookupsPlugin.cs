using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Lookups;

/// <summary>Who is calling, and when the business is open.</summary>
public sealed class LookupsPlugin : IToolPlugin
{
    public string Name => "lookups";

    public Task StartAsync(ToolPluginContext context, CancellationToken cancellationToken) =>
        CustomerStore.CreateTablesAsync(context, cancellationToken);

    public IEnumerable<AIFunction> CreateTools(ToolPluginContext context)
    {
        var tools = new LookupTools(new CustomerStore(context.Database), OpeningHours.From(context));
        return [Tool.Create(tools.FindCustomerAsync), Tool.Create(tools.OpeningHours)];
    }
}
