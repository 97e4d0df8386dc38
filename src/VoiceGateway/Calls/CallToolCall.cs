using System.Text.Json;

namespace VoiceGateway.Calls;

/// <param name="Id">The model's id.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">What the model sent.</param>
/// <param name="AskedAt">From the start of the call.</param>
/// <param name="AnsweredAt">Null while it runs.</param>
/// <param name="Outcome">succeeded, refused, timed_out, cancelled, …; null while it runs.</param>
/// <param name="Result">What the model was told.</param>
public sealed record CallToolCall(string Id, string Name, JsonElement Arguments, TimeSpan AskedAt, TimeSpan? AnsweredAt, string? Outcome, JsonElement? Result);
