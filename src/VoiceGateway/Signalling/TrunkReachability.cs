namespace VoiceGateway.Signalling;

/// <summary>What the last probe of a trunk found.</summary>
/// <param name="IsUp">Null: not asked yet.</param>
/// <param name="StatusCode">Of the answer; null when none came.</param>
/// <param name="RoundTrip">From OPTIONS to its answer.</param>
/// <param name="AskedAt">When that was.</param>
public sealed record TrunkReachability(bool? IsUp, int? StatusCode, TimeSpan? RoundTrip, DateTimeOffset? AskedAt);
