namespace VoiceGateway.GeminiLive;

/// <summary>How much the model thinks. A family takes a level or a budget or neither: see <see cref="LiveModelContract"/>.</summary>
public sealed record LiveThinking
{
    public bool? IncludeThoughts { get; init; }

    /// <summary>Tokens; 0 switches thinking off.</summary>
    public int? Budget { get; init; }

    public LiveThinkingLevel? Level { get; init; }
}
