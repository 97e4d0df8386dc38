namespace VoiceGateway.Caller;

/// <summary>How a call came to its end, before it becomes a report.</summary>
internal sealed record CallEnding(CallerOutcome Outcome, string Reason, int? StatusCode = null);
