using System.Text.Json;

namespace VoiceGateway.Tools;

/// <summary>The answer to a <see cref="ToolCallRequest"/>.</summary>
/// <param name="Id">The id of the request.</param>
/// <param name="Name">The name in the request.</param>
/// <param name="Response"><c>{"output": …}</c> or <c>{"error": "words for the model"}</c>.</param>
/// <param name="Outcome">Never <see cref="ToolCallOutcome.Cancelled"/> for an answer that is sent.</param>
public sealed record ToolCallResult(string Id, string Name, JsonElement Response, ToolCallOutcome Outcome);
