using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <param name="Id">Unique in the session.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Args">Its arguments, filled in.</param>
/// <param name="Result">Under which name the scenario keeps the response.</param>
internal sealed record OpenToolCall(string Id, string Name, JsonElement Args, string Result)
{
    public static string NewId(Random random) => $"function-call-{random.NextInt64(1_000_000_000, long.MaxValue)}";
}
