namespace VoiceGateway.SipLoad;

/// <summary>What a process holds at a moment.</summary>
internal sealed record EndpointStatus(
    int ActiveCalls, int ActiveTransactions, int MostTransactions, long IncomingCalls, long OverloadRejected, long Retransmissions, long Faults,
    double HeapMb, double RssMb, double CpuSeconds, int Gen2);
