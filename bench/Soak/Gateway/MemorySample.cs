namespace VoiceGateway.Soak;

/// <summary>What the gateway's process held at a moment.</summary>
/// <param name="Seconds">Since the start of the run.</param>
/// <param name="RssMb">Resident.</param>
/// <param name="HeapMb">Managed, dead objects that no collection has taken yet included.</param>
/// <param name="LargeObjectMb">As the last collection left it.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="Handles">Open files of any kind.</param>
/// <param name="Sockets">Of them.</param>
/// <param name="Calls">That ran.</param>
/// <param name="CpuSeconds">Since the process began.</param>
/// <param name="Collections">Of any generation, since the process began.</param>
/// <param name="IsCollected">Right after a full collection: what is held now is needed, or lost.</param>
internal sealed record MemorySample(
    double Seconds, double RssMb, double HeapMb, double LargeObjectMb, int Threads, int Handles, int Sockets, int Calls, double CpuSeconds, int Collections, bool IsCollected);
