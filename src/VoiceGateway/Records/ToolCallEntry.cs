using System.Text.Json;

namespace VoiceGateway.Records;

/// <summary>One tool call.</summary>
/// <param name="Id">The model's id.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">As the model sent them.</param>
/// <param name="Result">The response that it got; null when cancelled.</param>
/// <param name="Outcome">One word, as in the metrics.</param>
/// <param name="AskedMs">Since the start of the call.</param>
/// <param name="AnsweredMs">Since the start of the call; null when never answered.</param>
public sealed record ToolCallEntry(
    string Id, string Name, JsonElement? Arguments, JsonElement? Result, string Outcome, long AskedMs, long? AnsweredMs);
