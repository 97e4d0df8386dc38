namespace VoiceGateway.Rtp;

/// <summary>Why a tick came late, as far as process and system tell.</summary>
public enum LateTickCause
{
    /// <summary>The runtime had stopped its threads to collect garbage.</summary>
    GarbageCollection,

    /// <summary>The thread was ready and other threads of this machine had the cores.</summary>
    RunQueue,

    /// <summary>The hypervisor had given the cores to other machines.</summary>
    Steal,

    /// <summary>One callback of one leg took most of the time.</summary>
    Callback,

    /// <summary>The work of all legs together: the thread is full.</summary>
    Overload,

    /// <summary>None of these: the timer itself came late.</summary>
    Unknown,
}
