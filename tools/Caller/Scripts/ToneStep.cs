namespace VoiceGateway.Caller;

/// <summary>A test tone.</summary>
public sealed record ToneStep(double FrequencyHz, TimeSpan Duration, double LevelDbov = -20) : CallerStep;
