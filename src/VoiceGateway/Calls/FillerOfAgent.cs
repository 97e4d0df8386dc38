using System.Collections.Concurrent;
using VoiceGateway.Abstractions;
using VoiceGateway.Routing;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>What an agent's callers hear while a tool takes its time: its own choice, or the gateway's. Each sound is read once.</summary>
internal static class FillerOfAgent
{
    private static readonly ConcurrentDictionary<string, Filler?> Loaded = new();

    /// <returns>Null: nothing.</returns>
    /// <exception cref="ConfigurationException">The sound cannot be played; the key names the agent's file, or the setting.</exception>
    public static Filler? For(AgentProfile agent, TurnOptions options) =>
        agent.Filler is { } own ? Load(own, $"{agent.File}:filler") : Load(options.Filler, $"{TurnOptions.Section}:{nameof(options.Filler)}");

    /// <summary>Whether the agent's own choice can be played; the gateway's is checked with its settings.</summary>
    /// <exception cref="ConfigurationException">It cannot; the key names the agent's file.</exception>
    public static void Check(AgentProfile agent)
    {
        if (agent.Filler is { } own) _ = Load(own, $"{agent.File}:filler");
    }

    private static Filler? Load(string setting, string key) => Loaded.GetOrAdd(setting, static (s, k) => Filler.Load(s, k), key);
}
