namespace VoiceGateway.Caller;

/// <summary>Hangs up; nothing comes after it.</summary>
public sealed record HangUpStep : CallerStep;
