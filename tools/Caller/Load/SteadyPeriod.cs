namespace VoiceGateway.Caller;

/// <summary>What the generator's own process used while all calls were up.</summary>
internal readonly record struct SteadyPeriod(TimeSpan Duration, TimeSpan Cpu, long AllocatedBytes, long PacketsReceived);
