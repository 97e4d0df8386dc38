namespace VoiceGateway.LiveSimulator;

/// <summary>What a valid <c>setup</c> agreed on for the session.</summary>
internal sealed record SetupTerms
{
    public required ModelContract Contract { get; init; }

    public required LiveApiPath Api { get; init; }

    public bool TextReplies { get; init; }

    /// <summary>The declared functions, and whether the model waits for each one's result.</summary>
    public required IReadOnlyDictionary<string, ToolBehavior> Tools { get; init; }

    public bool InputTranscription { get; init; }

    public bool OutputTranscription { get; init; }

    /// <summary>Automatic activity detection is disabled: the client marks the caller's turns itself.</summary>
    public bool ManualActivity { get; init; }

    public bool NoInterruption { get; init; }

    public TimeSpan SpeechOnset { get; init; }

    public TimeSpan TurnSilence { get; init; }

    public bool Resumption { get; init; }

    public bool TransparentResumption { get; init; }

    public string? ResumptionHandle { get; init; }

    public bool InitialHistory { get; init; }

    public bool IncludeThoughts { get; init; }

    public bool VoiceActivitySignals { get; init; }

    /// <summary>Rough size of the system instruction and the tools, for the usage counts.</summary>
    public int PromptTextTokens { get; init; }
}
