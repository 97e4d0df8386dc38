namespace VoiceGateway.Records;

/// <summary>Tokens that the model service counted, summed over the call, and what they cost.</summary>
public sealed record TokenUsage
{
    public static TokenUsage None { get; } = new();

    /// <summary>By direction and modality.</summary>
    public IReadOnlyList<TokenCount> Tokens { get; init; } = [];

    /// <summary>The newest turns; the sums have them all.</summary>
    public IReadOnlyList<TurnUsage> Turns { get; init; } = [];

    /// <summary>Null when the price table has none of the call's models.</summary>
    public TokenCost? Cost { get; init; }

    public long Prompt => Sum("prompt");

    public long Response => Sum("response");

    public long Thoughts => Sum("thoughts");

    public long ToolUse => Sum("tool_use");

    /// <summary>Part of <see cref="Prompt"/>.</summary>
    public long Cached => Sum("cached");

    public long Total => Prompt + Response + Thoughts + ToolUse;

    private long Sum(string direction) => Tokens.Where(t => t.Direction == direction).Sum(static t => t.Tokens);
}
