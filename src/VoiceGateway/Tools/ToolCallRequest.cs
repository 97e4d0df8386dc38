using System.Text.Json;

namespace VoiceGateway.Tools;

/// <summary>The model asks for a tool.</summary>
/// <param name="Id">The model's id of this request, unique within the telephone call.</param>
/// <param name="Name">The tool's name, as the model gave it.</param>
/// <param name="Arguments">A JSON object; undefined or null counts as an empty one. Must outlive the buffer it was parsed from.</param>
public sealed record ToolCallRequest(string Id, string Name, JsonElement Arguments);
