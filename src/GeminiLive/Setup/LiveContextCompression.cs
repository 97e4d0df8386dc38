namespace VoiceGateway.GeminiLive;

/// <summary>Sliding window over the context. Nulls leave the thresholds to the server.</summary>
/// <param name="TriggerTokens">Compress when the context reaches this.</param>
/// <param name="TargetTokens">Keep this much.</param>
public sealed record LiveContextCompression(long? TriggerTokens = null, long? TargetTokens = null);
