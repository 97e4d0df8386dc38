namespace VoiceGateway.Rtp;

/// <summary>What may hold up a thread through no fault of its own, each as a growing sum in <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
internal interface ISystemPressure : IDisposable
{
    /// <summary>All threads stood still for the garbage collector.</summary>
    long CollectorPauses { get; }

    /// <summary>The calling thread wanted a core and had none; 0 where the system does not tell.</summary>
    long RunQueueWait { get; }

    /// <summary>The hypervisor let others have cores that this machine wanted; 0 where the system does not tell. Dear: not for every tick.</summary>
    long Steal { get; }
}
