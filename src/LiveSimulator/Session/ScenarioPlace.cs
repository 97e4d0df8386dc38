using System.Collections.Immutable;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>How far a session has come in its scenario; what a resumption handle brings back.</summary>
/// <param name="Turn">Index of the caller's next turn.</param>
/// <param name="Greeted">The greeting is over, or the caller spoke first.</param>
/// <param name="Results">What the functions gave back.</param>
internal sealed record ScenarioPlace(int Turn, bool Greeted, ImmutableDictionary<string, JsonElement> Results)
{
    public static ScenarioPlace Start { get; } = new(0, false, ImmutableDictionary<string, JsonElement>.Empty);
}
