namespace VoiceGateway.GeminiLive;

/// <summary>
/// What a model family lets a client send. A field outside the contract closes the session with 1007,
/// so the client leaves it out. Families come and go: a setting overrides the row (<see cref="LiveSetup.Contract"/>).
/// </summary>
public sealed record LiveModelContract
{
    public required string Family { get; init; }

    public LiveThinkingSupport Thinking { get; init; }

    /// <summary>The least <see cref="LiveThinkingLevel"/> the family knows.</summary>
    public LiveThinkingLevel LeastThinking { get; init; } = LiveThinkingLevel.Low;

    /// <summary>How functions behave when nothing is said.</summary>
    public LiveFunctionBehavior DefaultBehavior { get; init; }

    /// <summary>Whether the other behaviour can be asked for.</summary>
    public bool BehaviorSelectable { get; init; }

    /// <summary>Whether <c>scheduling</c> may stand in a tool response.</summary>
    public bool Scheduling { get; init; }

    /// <summary>Whether <c>proactivity</c> and <c>enableAffectiveDialog</c> may be sent; they need <see cref="OptInVersion"/>.</summary>
    public bool ProactivityOptIn { get; init; }

    public string OptInVersion { get; init; } = "v1alpha";

    /// <summary>Whether <c>audioStreamEnd</c> ends a turn. Where it does not, only trailing silence does.</summary>
    public bool AudioStreamEndHonoured { get; init; } = true;

    /// <summary>Whether <c>contextUpdate</c> may replace instruction and tools in mid-session.</summary>
    public bool ContextUpdate { get; init; }

    /// <summary>The contract of <paramref name="model"/>; a name of no known family gets the default model's.</summary>
    public static LiveModelContract For(string model)
    {
        string name = model[(model.LastIndexOf('/') + 1)..];
        foreach ((string fragment, LiveModelContract contract) in Table)
        {
            if (name.Contains(fragment, StringComparison.OrdinalIgnoreCase))
                return contract;
        }

        return Live38;
    }

    private static readonly LiveModelContract Live38 = new()
    {
        Family = "3.8 live",
        Thinking = LiveThinkingSupport.None,
        DefaultBehavior = LiveFunctionBehavior.NonBlocking,
        BehaviorSelectable = true,
        Scheduling = true,
        AudioStreamEndHonoured = false,
        ContextUpdate = true,
    };

    // The first fragment found in the model's name decides, so the longer names stand first.
    private static readonly (string Fragment, LiveModelContract Contract)[] Table =
    [
        ("3.8-live-extended-thinking", new()
        {
            Family = "3.8 live extended thinking",
            Thinking = LiveThinkingSupport.Level,
            LeastThinking = LiveThinkingLevel.Low,
            DefaultBehavior = LiveFunctionBehavior.NonBlocking,
            BehaviorSelectable = false,
            Scheduling = false,
            AudioStreamEndHonoured = false,
            ContextUpdate = true,
        }),
        ("3.8-live", Live38),
        ("3.1-flash-live", new()
        {
            Family = "3.1 flash live",
            Thinking = LiveThinkingSupport.Level,
            LeastThinking = LiveThinkingLevel.Minimal,
            DefaultBehavior = LiveFunctionBehavior.Blocking,
            BehaviorSelectable = false,
            Scheduling = false,
        }),
        ("2.5-flash", new()
        {
            Family = "2.5 native audio",
            Thinking = LiveThinkingSupport.Budget,
            DefaultBehavior = LiveFunctionBehavior.Blocking,
            BehaviorSelectable = true,
            Scheduling = true,
            ProactivityOptIn = true,
        }),
    ];
}
