namespace VoiceGateway.Sip;

/// <summary>What every transaction of an endpoint shares.</summary>
internal sealed record TransactionContext(TimeProvider Time, SipTimerOptions Timers, SipCounters Counters, TransactionTable Table);
