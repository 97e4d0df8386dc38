namespace VoiceGateway.Soak;

/// <summary>What came of a planned fault.</summary>
/// <param name="Planned">The plan.</param>
/// <param name="Session">The simulator's session that it came over; null: there was none in time.</param>
/// <param name="Timestamp">Stopwatch ticks.</param>
internal sealed record DoneFault(PlannedFault Planned, string? Session, long Timestamp);
