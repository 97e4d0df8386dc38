using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>What placeholders and branches look at.</summary>
internal sealed record ScenarioFacts(DateOnly Today, ImmutableDictionary<string, JsonElement> Results, Match? TextMatch)
{
    /// <summary>The value at <c>name.path.to.it</c>, undefined when there is none.</summary>
    public JsonElement Find(string nameAndPath)
    {
        var dot = nameAndPath.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? nameAndPath : nameAndPath[..dot];
        if (!Results.TryGetValue(name, out var response))
            return default;
        return dot < 0 ? response : ResultPath.Find(response, nameAndPath[(dot + 1)..]);
    }
}
