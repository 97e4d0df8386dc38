namespace VoiceGateway.Caller;

/// <summary>What the load generator itself used over the steady period: whether its figures can be trusted.</summary>
public sealed record GeneratorUse
{
    /// <summary>Per cent of one core; 0 when there was no steady period to speak of.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>All that was allocated, divided by the packets sent and received.</summary>
    public required double AllocatedBytesPerPacket { get; init; }

    /// <summary>Packets read while this process was held up; they are in no figure of arrival times.</summary>
    public required long PacketsUnmeasured { get; init; }

    /// <summary>Ticks of the playout clock that came late, since the start.</summary>
    public required long LateTicks { get; init; }

    public required double MaxLatenessMs { get; init; }
}
