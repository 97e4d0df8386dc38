using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Tools;

namespace VoiceGateway.Calls;

/// <summary>Which Live service the calls talk to, and by which routes an agent gets there.</summary>
/// <param name="Endpoint">Where, and with which credential.</param>
/// <param name="Model">Unless an agent names its own.</param>
/// <param name="SetupTimeout">From the connection to <c>setupComplete</c>.</param>
/// <param name="IsSimulator">The embedded one: said plainly wherever it matters.</param>
public sealed record LiveTarget(LiveEndpoint Endpoint, string Model, TimeSpan SetupTimeout, bool IsSimulator)
{
    /// <summary>When connections are replaced and sought; time-outs, clock and buffers are the call's to fill in.</summary>
    public LiveLinkOptions Link { get; init; } = new();

    /// <summary>Sessions at once on each route; 0: not known.</summary>
    public int MaxSessions { get; init; }

    public LiveContracts Contracts { get; init; } = LiveContracts.AsKnown;

    /// <summary>Where a fallback leads: its own keys over <see cref="Endpoint"/>.</summary>
    public Func<AgentFallback, LiveEndpoint>? FallbackEndpoint { get; init; }

    /// <summary>The agent's first choice.</summary>
    public string ModelOf(AgentProfile agent) => agent.Model ?? Model;

    /// <summary>An agent's ways to a model: the first is home, the others are its fallbacks in their order.</summary>
    public IReadOnlyList<LiveRoute> RoutesFor(AgentProfile agent, IReadOnlyCollection<CatalogTool> tools, CallVariables variables) =>
        [.. WaysOf(agent).Select(way => new LiveRoute(way.Name, way.Endpoint, AgentSetup.For(way.Agent, way.Model, tools, variables) with { Contract = Contracts.Corrected(way.Model) }))];

    /// <summary>The names of <see cref="RoutesFor"/>, for quotas.</summary>
    public IReadOnlyList<string> RouteNamesFor(AgentProfile agent) => [.. WaysOf(agent).Select(static w => w.Name)];

    public override string ToString() => IsSimulator ? "simulator" : Endpoint.BaseUri.ToString().TrimEnd('/');

    /// <summary>Each way with the profile as it is on this way; null as its fallback: home.</summary>
    internal IEnumerable<(string Name, LiveEndpoint Endpoint, string Model, AgentProfile Agent, AgentFallback? Fallback)> WaysOf(AgentProfile agent)
    {
        var home = Name(ModelOf(agent), Endpoint, null);
        yield return (home, Endpoint, ModelOf(agent), agent, null);
        foreach (var fallback in agent.Fallback)
        {
            var model = fallback.Model ?? ModelOf(agent);
            var endpoint = FallbackEndpoint?.Invoke(fallback) ?? Endpoint;
            yield return (Name(model, endpoint, fallback), endpoint, model, agent.Without(fallback.Without), fallback);
        }
    }

    // Two projects may share a host, each with a quota of its own; nobody shall learn more of a key than its file's name.
    private string Name(string model, LiveEndpoint endpoint, AgentFallback? fallback)
    {
        var host = IsSimulator && endpoint.BaseUri == Endpoint.BaseUri ? "simulator" : endpoint.BaseUri.Authority;
        return $"{model[(model.LastIndexOf('/') + 1)..]}@{host}{(fallback?.ApiKeyFile is { } file ? $" ({Path.GetFileNameWithoutExtension(file)})" : "")}";
    }
}
