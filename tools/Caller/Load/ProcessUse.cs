namespace VoiceGateway.Caller;

/// <summary>What the watched process used over the steady period.</summary>
public sealed record ProcessUse
{
    /// <summary>Per cent of one core.</summary>
    public required double CpuPercent { get; init; }

    public required double CpuPercentPerCall { get; init; }

    /// <summary>Before the first call.</summary>
    public required double BaselineRssMb { get; init; }

    /// <summary>Mean over the steady period.</summary>
    public required double RssMb { get; init; }

    public required double PeakRssMb { get; init; }

    /// <summary>What each call adds to the baseline.</summary>
    public required double RssKbPerCall { get; init; }
}
