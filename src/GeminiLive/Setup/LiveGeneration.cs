namespace VoiceGateway.GeminiLive;

/// <summary>Sampling settings of <c>generationConfig</c>. Null: the model's default.</summary>
public sealed record LiveGeneration
{
    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public int? TopK { get; init; }

    public int? MaxOutputTokens { get; init; }

    public int? CandidateCount { get; init; }

    public double? PresencePenalty { get; init; }

    public double? FrequencyPenalty { get; init; }

    public int? Seed { get; init; }

    /// <summary>For example <c>MEDIA_RESOLUTION_LOW</c>.</summary>
    public string? MediaResolution { get; init; }
}
