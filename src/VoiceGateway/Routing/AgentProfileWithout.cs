namespace VoiceGateway.Routing;

/// <summary>A profile less some settings, as a fallback route of another model family needs it.</summary>
public static class AgentProfileWithout
{
    private static readonly Dictionary<string, Func<AgentProfile, AgentProfile>> Removals = new(StringComparer.Ordinal)
    {
        ["voice"] = static a => a with { Voice = null },
        ["language"] = static a => a with { Language = null },
        ["generation"] = static a => a with { Generation = new() },
        ["thinking"] = static a => a with { Thinking = null },
        ["affectiveDialog"] = static a => a with { AffectiveDialog = false },
        ["proactiveAudio"] = static a => a with { ProactiveAudio = false },
        ["activity"] = static a => a with { Activity = new() { Detection = a.Activity.Detection } },
        ["toolBehavior"] = static a => a with { ToolBehavior = new AgentProfile().ToolBehavior },
        ["toolScheduling"] = static a => a with { ToolScheduling = new AgentProfile().ToolScheduling },
        ["googleSearch"] = static a => a with { GoogleSearch = false },
        ["codeExecution"] = static a => a with { CodeExecution = false },
        ["compression"] = static a => a with { Compression = new() { Enabled = a.Compression.Enabled } },
    };

    public static IReadOnlyCollection<string> Names => Removals.Keys;

    /// <param name="agent">Stays as it is.</param>
    /// <param name="names">Some of <see cref="Names"/>; others are passed over.</param>
    public static AgentProfile Without(this AgentProfile agent, IEnumerable<string> names) =>
        names.Aggregate(agent, static (less, name) => Removals.TryGetValue(name, out var remove) ? remove(less) : less);
}
