namespace VoiceGateway.GeminiLive;

/// <summary>One row a model family. The first fragment found in the model's name decides, so the longer names stand first.</summary>
internal static class LiveModelTable
{
    private static readonly LiveModelContract Live38 = new()
    {
        Family = "3.8 live",
        Thinking = LiveThinkingSupport.None,
        DefaultBehavior = LiveFunctionBehavior.NonBlocking,
        BehaviorSelectable = true,
        Scheduling = true,
        CodeExecution = true,
        ProactivityBuiltIn = true,
        AudioStreamEndHonoured = false,
        ContextUpdate = true,
    };

    private static readonly LiveModelContract HalfCascade = new()
    {
        Family = "2.x half cascade",
        Thinking = LiveThinkingSupport.None,
        DefaultBehavior = LiveFunctionBehavior.Blocking,
        BehaviorSelectable = true,
        Scheduling = true,
        CodeExecution = true,
        ContextWindowTokens = 32_768,
    };

    private static readonly (string Fragment, LiveModelContract Contract)[] Rows =
    [
        ("3.8-live-extended-thinking", Live38 with
        {
            Family = "3.8 live extended thinking",
            Thinking = LiveThinkingSupport.Level,
            LeastThinking = LiveThinkingLevel.Low,
            BehaviorSelectable = false,
            Scheduling = false,
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
            ClientContentInMidSession = false,
        }),
        ("native-audio", new()
        {
            Family = "2.5 native audio",
            Thinking = LiveThinkingSupport.Budget,
            DefaultBehavior = LiveFunctionBehavior.Blocking,
            BehaviorSelectable = true,
            Scheduling = true,
            ProactivityOptIn = true,
        }),
        ("live-2.5-flash", HalfCascade),
        ("2.0-flash-live", HalfCascade),
    ];

    public static LiveModelContract Find(string model)
    {
        string name = model[(model.LastIndexOf('/') + 1)..];
        foreach ((string fragment, LiveModelContract contract) in Rows)
        {
            if (name.Contains(fragment, StringComparison.OrdinalIgnoreCase)) return contract;
        }

        return Live38;
    }
}
