using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>The client's answer to one call. <paramref name="Scheduling"/> is null when it did not say.</summary>
internal sealed record ToolResult(OpenToolCall Call, JsonElement Response, string? Scheduling);
