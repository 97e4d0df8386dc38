namespace VoiceGateway.Load;

/// <summary>What so many calls cost and how they sounded, over a steady while.</summary>
internal sealed record StageResult
{
    public required int Calls { get; init; }

    /// <summary>Uplink audio in one message.</summary>
    public required int ChunkMs { get; init; }

    public required double Seconds { get; init; }

    public required int CallsUp { get; init; }

    public required int CallsLost { get; init; }

    /// <summary>Of a core, in per cent: all of the gateway's process.</summary>
    public required double CpuPercent { get; init; }

    public required double UserPercent { get; init; }

    public required double SystemPercent { get; init; }

    public double CpuPercentPerCall => Math.Round(CpuPercent / Math.Max(1, CallsUp), 4);

    /// <summary>What as many packets cost without a gateway; null: not measured.</summary>
    public FloorSpan? Floor { get; init; }

    /// <summary>How many times the floor a call costs: comparable between days. Null when there is no floor that held.</summary>
    public double? TimesFloor => Floor is { Held: true, CpuPercentPerCall: > 0 and var floor } ? Math.Round(CpuPercentPerCall / floor, 2) : null;

    /// <summary>Of the gateway's threads, by name.</summary>
    public required IReadOnlyDictionary<string, double> ThreadPercent { get; init; }

    public required double RssMb { get; init; }

    /// <summary>Beyond what the gateway had when its first calls had come and gone.</summary>
    public required double RssKbPerCall { get; init; }

    /// <summary>Null when the gateway did not answer.</summary>
    public required RuntimeSpan? Runtime { get; init; }

    /// <summary>INVITE to 200, of the calls placed for this stage.</summary>
    public required Percentiles SetupMs { get; init; }

    /// <summary>Time between two RTP packets at the caller, and how far that is from what their timestamps say.</summary>
    public required Percentiles SpacingMs { get; init; }

    /// <summary>As <see cref="SpacingMs"/>, of packets that begin a talk spurt.</summary>
    public required Percentiles SpurtSpacingMs { get; init; }

    public required Percentiles UplinkMs { get; init; }

    public required Percentiles FirstPacketMs { get; init; }

    public required Percentiles LastStaleMs { get; init; }

    public required long PacketsReceived { get; init; }

    public required long PacketsLost { get; init; }

    public required long PacketsNotSent { get; init; }

    public required long Gaps { get; init; }

    /// <summary>Per cent of the uplink's 50 frames a second of each call that reached the Live side.</summary>
    public required double UplinkPercent { get; init; }

    public required double CallerSpeaksPercent { get; init; }

    public required double AgentSpeaksPercent { get; init; }

    public required long Replies { get; init; }

    public required long Interruptions { get; init; }

    public required double GeneratorPercent { get; init; }

    public required double LiveSidePercent { get; init; }

    /// <summary>How late the generator's and the Live side's threads were at most.</summary>
    public required double GeneratorLateMs { get; init; }

    public required double LiveSideLateMs { get; init; }

    /// <summary>All processors of the machine together, of a core.</summary>
    public required double MachinePercent { get; init; }

    public required double StolenPercent { get; init; }

    /// <summary>All calls were up all the time, most packets left in their own period, the model was given all that the callers said and they heard all of its answers.</summary>
    public bool Held => CallsUp == Calls && CallsLost == 0 && SpacingMs.P99 <= 20 && UplinkPercent is > 99 and < 101 && Gaps == 0;
}
