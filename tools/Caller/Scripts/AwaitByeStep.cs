namespace VoiceGateway.Caller;

/// <summary>Waits for the other side to hang up; that it does not is a failure.</summary>
public sealed record AwaitByeStep(TimeSpan Timeout) : CallerStep;
