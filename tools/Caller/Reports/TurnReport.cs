namespace VoiceGateway.Caller;

/// <summary>One turn: what the caller said (or dialled) and how the agent answered. Moments are milliseconds from the answer of the call.</summary>
public sealed record TurnReport
{
    public required TurnKind Kind { get; init; }

    public string? Text { get; init; }

    /// <summary>The first audible frame of the caller's was sent; for a greeting, the answer.</summary>
    public required double SpokeFromMs { get; init; }

    /// <summary>The last audible frame of the caller's was sent; null when the call ended before.</summary>
    public double? SpokeUntilMs { get; init; }

    /// <summary>The reply's first audible packet came.</summary>
    public double? ReplyFromMs { get; init; }

    /// <summary>The reply's last audible packet came.</summary>
    public double? ReplyUntilMs { get; init; }

    /// <summary>From the end of the caller's speech to the first audible packet of the reply; negative when the agent cut in.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>The agent was speaking when the caller began.</summary>
    public bool OverAgent { get; init; }

    /// <summary>From the caller's first audible frame to the last audible packet of the reply it interrupted; null when nothing was interrupted.</summary>
    public double? BargeInStopMs { get; init; }
}
