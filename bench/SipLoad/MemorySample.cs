namespace VoiceGateway.SipLoad;

/// <summary>What a process held after so many calls.</summary>
internal sealed record MemorySample(long Calls, int Transactions, double HeapMb, double RssMb);
