namespace VoiceGateway.Load;

/// <summary>What is asked of a run.</summary>
internal sealed record LoadOptions
{
    /// <summary>Calls at once, stage by stage; each stage adds to the one before.</summary>
    public required int[] Calls { get; init; }

    /// <summary>How long each stage is measured.</summary>
    public required double Seconds { get; init; }

    /// <summary>Before that, until every caller has found the rhythm.</summary>
    public required double SettleSeconds { get; init; }

    public required double CallsPerSecond { get; init; }

    /// <summary>20, 40, or one after the other.</summary>
    public required int[] ChunkMs { get; init; }

    public required bool Tls { get; init; }

    /// <summary>As taskset(1) has it; empty: anywhere.</summary>
    public required string GatewayProcessors { get; init; }

    /// <summary>Settings of the gateway's, as on its command line.</summary>
    public required string[] Gateway { get; init; }

    /// <summary>The gateway's environment, beside this process's.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Path without its ending.</summary>
    public required string Report { get; init; }

    /// <summary>Whether the bare system calls are measured beside each curve.</summary>
    public required bool Floor { get; init; }

    /// <summary>Whether the last stage of each curve is sampled by perf(1).</summary>
    public required bool Perf { get; init; }
}
