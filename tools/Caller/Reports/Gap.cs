namespace VoiceGateway.Caller;

/// <summary>A hole in what the caller heard; the moment it was noticed at, counted from the answer.</summary>
public readonly record struct Gap(GapKind Kind, double AtMs, double DurationMs);
