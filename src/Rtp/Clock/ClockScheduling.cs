namespace VoiceGateway.Rtp;

/// <summary>What the system lets a clock thread be.</summary>
public enum ClockScheduling
{
    /// <summary>As every other thread.</summary>
    Ordinary,

    /// <summary>A larger share of a core than others (nice −11), where real time is not granted.</summary>
    Favoured,

    /// <summary>SCHED_FIFO: runs as soon as it is due, whoever else wants the core.</summary>
    RealTime,
}
