using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Routing;

/// <summary>Sampling. Null: the model's default.</summary>
public sealed record AgentGeneration
{
    [Range(0.0, 2.0)]
    public double? Temperature { get; init; }

    [Range(0.0, 1.0)]
    public double? TopP { get; init; }

    [Range(1, 1000)]
    public int? TopK { get; init; }

    /// <summary>Of one reply, speech included: too few cut the agent short.</summary>
    [Range(1, 1_000_000)]
    public int? MaxOutputTokens { get; init; }

    [Range(-2.0, 2.0)]
    public double? PresencePenalty { get; init; }

    [Range(-2.0, 2.0)]
    public double? FrequencyPenalty { get; init; }

    public int? Seed { get; init; }

    public AgentMediaResolution? MediaResolution { get; init; }
}
