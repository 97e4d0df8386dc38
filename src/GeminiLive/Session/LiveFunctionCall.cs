using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>A function the model wants called.</summary>
/// <param name="Id">The server's, or one made here when it sent none; then it begins with <see cref="GeneratedIdPrefix"/> and is not sent back.</param>
/// <param name="Args">Always an object; empty when the server sent none.</param>
public sealed record LiveFunctionCall(string Id, string Name, JsonElement Args)
{
    public const string GeneratedIdPrefix = "made-here-";

    public bool IsIdGenerated => Id.StartsWith(GeneratedIdPrefix, StringComparison.Ordinal);
}
