namespace VoiceGateway.GeminiLive;

/// <summary>Tokens, as the server counts them. Missing counts are 0.</summary>
public sealed record LiveUsage
{
    public long PromptTokens { get; init; }

    public long ResponseTokens { get; init; }

    public long ThoughtsTokens { get; init; }

    public long ToolUsePromptTokens { get; init; }

    public long CachedContentTokens { get; init; }

    public long TotalTokens { get; init; }

    public IReadOnlyList<LiveModalityTokens> PromptDetails { get; init; } = [];

    public IReadOnlyList<LiveModalityTokens> ResponseDetails { get; init; } = [];

    public IReadOnlyList<LiveModalityTokens> ToolUseDetails { get; init; } = [];

    /// <summary>Part of <see cref="PromptDetails"/>, and cheaper.</summary>
    public IReadOnlyList<LiveModalityTokens> CachedDetails { get; init; } = [];
}
