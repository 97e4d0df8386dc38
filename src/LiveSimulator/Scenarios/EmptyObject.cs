using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

internal static class EmptyObject
{
    public static JsonElement Value { get; } = JsonElement.Parse("{}");
}
