using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Tools;

/// <summary>Every tool of every plugin, by name.</summary>
public sealed partial class ToolCatalog
{
    private readonly Dictionary<string, CatalogTool> _byName = new(StringComparer.Ordinal);
    private readonly List<CatalogTool> _tools = [];

    public IReadOnlyList<CatalogTool> Tools => _tools;

    /// <summary>Adds a plugin's tools. At start-up only: the catalog is not locked.</summary>
    /// <exception cref="ConfigurationException">A name that is taken, or that the model service does not accept.</exception>
    public void Add(string plugin, IEnumerable<AIFunction> tools)
    {
        foreach (var function in tools)
        {
            if (!ServiceAcceptsName().IsMatch(function.Name))
                throw Error(plugin, $"the tool name '{function.Name}' must be letters, digits and underscores, begin with a letter and have at most 64 characters");
            if (string.IsNullOrWhiteSpace(function.Description))
                throw Error(plugin, $"the tool '{function.Name}' has no description; the model chooses tools by it");
            if (_byName.TryGetValue(function.Name, out var other))
            {
                throw Error(plugin, other.Plugin == plugin
                    ? $"has two tools named '{function.Name}'"
                    : $"the tool '{function.Name}' also comes with the plugin '{other.Plugin}'; rename one of them, or leave one plugin out");
            }

            var tool = new CatalogTool(plugin, function);
            _byName.Add(function.Name, tool);
            _tools.Add(tool);
        }
    }

    /// <summary>
    /// The tools that an agent's list names: <c>create_booking</c>, <c>bookings/create_booking</c>, <c>bookings/*</c> or <c>*</c>.
    /// Upper and lower case are alike in plugin names.
    /// </summary>
    /// <param name="patterns">The list.</param>
    /// <param name="key">The configuration key it came from, for the error.</param>
    /// <exception cref="ConfigurationException">An entry that names nothing.</exception>
    public ToolSet Select(IEnumerable<string> patterns, string key)
    {
        var chosen = new HashSet<CatalogTool>();
        foreach (var pattern in patterns)
        {
            var found = _tools.Where(tool => Matches(tool, pattern.Trim())).ToList();
            // An agent with "*" is fine in a gateway without any tools.
            if (found.Count == 0 && pattern.Trim() != "*")
                throw new ConfigurationException(key, $"'{pattern}' names no tool; there are: {string.Join(", ", _tools)}");
            chosen.UnionWith(found);
        }

        return new ToolSet(_tools.Where(chosen.Contains));
    }

    private static bool Matches(CatalogTool tool, string pattern)
    {
        if (pattern == "*" || pattern == tool.Name)
            return true;
        var slash = pattern.IndexOf('/');
        return slash > 0
            && pattern.AsSpan(0, slash).Equals(tool.Plugin, StringComparison.OrdinalIgnoreCase)
            && (pattern.AsSpan(slash + 1) is "*" || pattern.AsSpan(slash + 1).SequenceEqual(tool.Name));
    }

    private static ConfigurationException Error(string plugin, string problem) => new($"Plugins:{plugin}", problem);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceAcceptsName();
}
