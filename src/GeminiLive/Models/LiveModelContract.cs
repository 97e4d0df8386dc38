namespace VoiceGateway.GeminiLive;

/// <summary>
/// What a model family lets a client send. A field outside the contract closes the session with 1007, so the client
/// leaves it out, and <see cref="Check"/> names it before any call. Families come and go: a setting overrides the row
/// (<see cref="LiveSetup.Contract"/>). The rows are in <see cref="LiveModelTable"/>.
/// </summary>
public sealed record LiveModelContract
{
    public required string Family { get; init; }

    public LiveThinkingSupport Thinking { get; init; }

    /// <summary>The least <see cref="LiveThinkingLevel"/> the family knows; it knows all above.</summary>
    public LiveThinkingLevel LeastThinking { get; init; } = LiveThinkingLevel.Low;

    /// <summary>Least <c>thinkingBudget</c>, in tokens. -1 lets the model decide, 0 switches thinking off.</summary>
    public int LeastThinkingBudget { get; init; } = -1;

    public int MostThinkingBudget { get; init; } = 24_576;

    /// <summary>How functions behave when nothing is said.</summary>
    public LiveFunctionBehavior DefaultBehavior { get; init; }

    /// <summary>Whether the other behaviour can be asked for.</summary>
    public bool BehaviorSelectable { get; init; }

    /// <summary>Whether <c>scheduling</c> may stand in a tool response.</summary>
    public bool Scheduling { get; init; }

    /// <summary>Whether <c>parametersJsonSchema</c> is understood; else functions are declared with <c>parameters</c>, an OpenAPI subset.</summary>
    public bool JsonSchema { get; init; } = true;

    public int MostFunctions { get; init; } = 128;

    /// <summary>Whether Google Search can be offered, alone or beside functions.</summary>
    public bool GoogleSearch { get; init; } = true;

    /// <summary>Whether code execution can be offered, alone or beside functions.</summary>
    public bool CodeExecution { get; init; }

    /// <summary>Whether <c>proactivity</c> and <c>enableAffectiveDialog</c> may be sent; they need <see cref="OptInVersion"/>.</summary>
    public bool ProactivityOptIn { get; init; }

    /// <summary>Whether the family does both unasked.</summary>
    public bool ProactivityBuiltIn { get; init; }

    /// <summary>Of the Developer API; Vertex AI's <c>v1beta1</c> knows both as well.</summary>
    public string OptInVersion { get; init; } = "v1alpha";

    /// <summary>Whether <c>audioStreamEnd</c> ends a turn. Where it does not, only trailing silence does.</summary>
    public bool AudioStreamEndHonoured { get; init; } = true;

    /// <summary>Whether <c>contextUpdate</c> may replace instruction and tools in mid-session.</summary>
    public bool ContextUpdate { get; init; }

    /// <summary>Whether <c>clientContent</c> may be sent in mid-session; else it carries the history of an earlier session
    /// only, and text goes by <see cref="LiveSession.SendText"/>.</summary>
    public bool ClientContentInMidSession { get; init; } = true;

    public int ContextWindowTokens { get; init; } = 131_072;

    /// <summary>About when the server ends a connection; <c>goAway</c> comes 50 to 60 s before.</summary>
    public TimeSpan ConnectionLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>When a session ends without <see cref="LiveSetup.ContextWindowCompression"/>.</summary>
    public TimeSpan UncompressedSessionLimit { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan ResumptionHandleLife { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The contract of <paramref name="model"/>; a name of no known family gets the default model's.</summary>
    public static LiveModelContract For(string model) => LiveModelTable.Find(model);

    /// <summary>Everything in <paramref name="setup"/> that this family refuses or that no model takes. Empty: fit to be sent.</summary>
    /// <param name="apiVersion">As in <see cref="LiveEndpoint.ApiVersion"/>.</param>
    public IReadOnlyList<LiveSetupViolation> Check(LiveSetup setup, string apiVersion)
    {
        var found = new LiveSetupFindings();
        SpeechRules.Check(setup, found);
        ThinkingRules.Check(setup.Thinking, this, found);
        ProactivityRules.Check(setup, this, apiVersion, found);
        GenerationRules.Check(setup.Generation, this, found);
        ToolRules.Check(setup, this, found);
        RealtimeInputRules.Check(setup.RealtimeInput, found);
        ContextRules.Check(setup.ContextWindowCompression, this, found);
        return found.All;
    }

    internal bool IsOptInVersion(string apiVersion) => apiVersion == OptInVersion || apiVersion == "v1beta1";

    /// <summary>What is wrong with asking for <paramref name="scheduling"/> of tool results; null when nothing is.</summary>
    public LiveSetupViolation? CheckScheduling(LiveScheduling? scheduling) => scheduling is null || Scheduling
        ? null
        : new LiveSetupViolation("Scheduling", $"{Family} refuses scheduling in a tool response", "leave it out, or name another model");
}
