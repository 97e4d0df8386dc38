using VoiceGateway.Abstractions;

namespace VoiceGateway.Routing;

/// <summary>Who was dialled, and by whom and which way, decides which agent answers: the first route that matches, in the order of <c>routes.json</c>.</summary>
public sealed class RouteTable
{
    internal sealed record RoutesFile(IReadOnlyList<Route> Routes);

    private readonly IReadOnlyList<(Route Route, AgentProfile Agent)> _routes;
    private readonly Dictionary<string, AgentProfile> _agents;

    public RouteTable(IEnumerable<Route> routes, IEnumerable<AgentProfile> agents)
    {
        _agents = agents.ToDictionary(static a => a.Name, StringComparer.OrdinalIgnoreCase);
        _routes = [.. routes.Select(r => (r, Agent(r.Agent)
            ?? throw new ConfigurationException("routes.json", $"'{r.Dialled}' goes to agent '{r.Agent}', but there is no agents/{r.Agent}.json")))];
    }

    public IReadOnlyCollection<AgentProfile> Agents => _agents.Values;

    public AgentProfile? Agent(string name) => _agents.GetValueOrDefault(name);

    /// <returns>Null when nobody answers that number: 404.</returns>
    public AgentProfile? Match(string dialled) => Match(new RouteQuery(dialled));

    /// <returns>Null when no route fits: 404.</returns>
    public AgentProfile? Match(RouteQuery call)
    {
        foreach (var (route, agent) in _routes)
            if (route.Matches(call)) return agent;
        return null;
    }

    /// <summary>Reads <c>routes.json</c> and <c>agents/*.json</c>.</summary>
    /// <param name="folder">The configuration folder.</param>
    /// <param name="timeZone">Of agents that name none; null: the machine's.</param>
    /// <exception cref="ConfigurationException">A file is missing or wrong; the key names it.</exception>
    public static RouteTable Load(string folder, string? timeZone = null)
    {
        var agentsFolder = Path.Combine(folder, "agents");
        if (!Directory.Exists(agentsFolder)) throw new ConfigurationException("agents", $"{agentsFolder} does not exist; it holds one file for each agent");
        var agents = Directory.EnumerateFiles(agentsFolder, "*.json").Order(StringComparer.Ordinal)
            .Select(AgentProfileReader.Read)
            .Select(a => a with { TimeZone = a.TimeZone ?? timeZone })
            .ToArray();
        return new RouteTable(JsonShape.Read<RoutesFile>(Path.Combine(folder, "routes.json"), "routes.json").Routes, agents);
    }
}
