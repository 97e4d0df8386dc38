using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Routing;

/// <summary>A sliding window over the context: without it a call ends after 15 minutes.</summary>
public sealed record AgentCompression
{
    public bool Enabled { get; init; } = true;

    /// <summary>The context is cut when it reaches this; null: as the server likes.</summary>
    [Range(1, int.MaxValue)]
    public int? TriggerTokens { get; init; }

    /// <summary>This much is kept.</summary>
    [Range(1, int.MaxValue)]
    public int? TargetTokens { get; init; }
}
