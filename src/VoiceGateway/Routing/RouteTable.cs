using System.Text.Json;

namespace VoiceGateway.Routing;

/// <summary>Who was dialled decides which agent answers: the first route that matches, in the order of <c>routes.json</c>.</summary>
public sealed class RouteTable
{
    private sealed record RoutesFile(IReadOnlyList<Route> Routes);

    private readonly IReadOnlyList<(Route Route, AgentProfile Agent)> _routes;
    private readonly Dictionary<string, AgentProfile> _agents;

    public RouteTable(IEnumerable<Route> routes, IEnumerable<AgentProfile> agents)
    {
        _agents = agents.ToDictionary(static a => a.Name, StringComparer.OrdinalIgnoreCase);
        _routes = [.. routes.Select(r => (r, Agent(r.Agent)
            ?? throw new InvalidDataException($"routes.json: '{r.Dialled}' goes to agent '{r.Agent}', but there is no agents/{r.Agent}.json")))];
    }

    public IReadOnlyCollection<AgentProfile> Agents => _agents.Values;

    public AgentProfile? Agent(string name) => _agents.GetValueOrDefault(name);

    /// <returns>Null when nobody answers that number: 404.</returns>
    public AgentProfile? Match(string dialled)
    {
        foreach (var (route, agent) in _routes)
            if (route.Matches(dialled)) return agent;
        return null;
    }

    /// <summary>Reads <c>routes.json</c> and <c>agents/*.json</c>.</summary>
    /// <exception cref="InvalidDataException">A file is missing or wrong; the message names it.</exception>
    public static RouteTable Load(string folder)
    {
        var agentsFolder = Path.Combine(folder, "agents");
        if (!Directory.Exists(agentsFolder)) throw new InvalidDataException($"{agentsFolder} does not exist; it holds one file for each agent");
        var agents = Directory.EnumerateFiles(agentsFolder, "*.json").Order(StringComparer.Ordinal)
            .Select(static file => Read<AgentProfile>(file) with { Name = Path.GetFileNameWithoutExtension(file) })
            .ToArray();
        return new RouteTable(Read<RoutesFile>(Path.Combine(folder, "routes.json")).Routes, agents);
    }

    private static T Read<T>(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<T>(stream, AgentProfile.Json) ?? throw new InvalidDataException($"{file} is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }
}
