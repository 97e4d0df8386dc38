namespace VoiceGateway.LiveSimulator;

/// <summary>A fault that came over a session. <paramref name="Timestamp"/> is in the ticks of <see cref="TimeProvider.GetTimestamp"/>.</summary>
public sealed record InjectedFault(DateTimeOffset At, long Timestamp, Fault Fault);
