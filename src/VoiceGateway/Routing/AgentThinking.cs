using System.ComponentModel.DataAnnotations;
using VoiceGateway.GeminiLive;

namespace VoiceGateway.Routing;

/// <summary>How much the model thinks before it speaks: a level or a budget, as its family wants it.</summary>
public sealed record AgentThinking
{
    public LiveThinkingLevel? Level { get; init; }

    /// <summary>Tokens; 0: none, -1: as the model likes.</summary>
    [Range(-1, 1_000_000)]
    public int? Budget { get; init; }

    public bool? IncludeThoughts { get; init; }
}
