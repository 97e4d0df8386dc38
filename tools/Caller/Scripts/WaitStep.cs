namespace VoiceGateway.Caller;

/// <summary>Says nothing for a while.</summary>
public sealed record WaitStep(TimeSpan Duration) : CallerStep;
