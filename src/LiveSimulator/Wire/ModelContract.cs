namespace VoiceGateway.LiveSimulator;

/// <summary>What one family of models accepts. A null list of thinking levels: the model takes no level; empty would be pointless.</summary>
internal sealed record ModelContract(string Family)
{
    public bool TextReplies { get; init; }

    public bool ThinkingConfig { get; init; } = true;

    public bool ThinkingBudget { get; init; }

    public IReadOnlySet<string> ThinkingLevels { get; init; } = NoLevels;

    public bool BlockingTools { get; init; } = true;

    public bool NonBlockingTools { get; init; } = true;

    public bool NonBlockingByDefault { get; init; }

    public bool Scheduling { get; init; } = true;

    public bool ContextUpdate { get; init; }

    public bool MediaChunks { get; init; }

    /// <summary>Whether <c>proactivity</c> and <c>enableAffectiveDialog</c> may be sent, and then only on v1alpha.</summary>
    public bool ProactiveOptIn { get; init; }

    /// <summary>Whether <c>audioStreamEnd</c> ends the caller's turn; gemini-3.8-live ignores it.</summary>
    public bool AudioStreamEnd { get; init; } = true;

    private static readonly HashSet<string> NoLevels = [];

    private static readonly ModelContract[] Families =
    [
        new("gemini-3.8-live-extended-thinking")
        {
            ThinkingLevels = Levels("LOW", "MEDIUM", "HIGH"), BlockingTools = false, NonBlockingByDefault = true, Scheduling = false,
            ContextUpdate = true, AudioStreamEnd = false,
        },
        new("gemini-3.8-live") { ThinkingConfig = false, NonBlockingByDefault = true, ContextUpdate = true, AudioStreamEnd = false },
        new("gemini-3.1-flash-live") { ThinkingLevels = Levels("MINIMAL", "LOW", "MEDIUM", "HIGH"), NonBlockingTools = false, Scheduling = false },
        new("gemini-2.5-flash-native-audio") { ThinkingBudget = true, MediaChunks = true, ProactiveOptIn = true },
        new("gemini-live-2.5-flash-native-audio") { ThinkingBudget = true, MediaChunks = true, ProactiveOptIn = true },
        new("gemini-live-2.5-flash") { TextReplies = true, ThinkingConfig = false, MediaChunks = true },
        new("gemini-2.0-flash") { TextReplies = true, ThinkingConfig = false, MediaChunks = true },
    ];

    /// <summary>The row for a model named as in <c>setup.model</c>, without its <c>models/</c>; null when there is no such Live model.</summary>
    public static ModelContract? Find(string model)
    {
        foreach (var family in Families)
        {
            if (model.StartsWith(family.Family, StringComparison.Ordinal))
                return family;
        }

        // A Live model of a family younger than this table: everything is allowed.
        return model.StartsWith("gemini-", StringComparison.Ordinal) && (model.Contains("live", StringComparison.Ordinal) || model.Contains("native-audio", StringComparison.Ordinal))
            ? new(model)
            {
                TextReplies = true, ThinkingBudget = true, ThinkingLevels = Levels("MINIMAL", "LOW", "MEDIUM", "HIGH"),
                ContextUpdate = true, MediaChunks = true, ProactiveOptIn = true,
            }
            : null;
    }

    private static HashSet<string> Levels(params string[] levels) => new(levels, StringComparer.OrdinalIgnoreCase);
}
