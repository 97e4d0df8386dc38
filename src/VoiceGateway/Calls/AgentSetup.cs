using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Tools;

namespace VoiceGateway.Calls;

/// <summary>What an agent's profile means for its Live session.</summary>
public static class AgentSetup
{
    /// <param name="agent">The profile.</param>
    /// <param name="model">What answers: the profile's, or the gateway's, or a fallback's.</param>
    /// <param name="tools">The profile's tools, as the catalog knows them.</param>
    /// <param name="variables">What its texts speak of.</param>
    public static LiveSetup For(AgentProfile agent, string model, IEnumerable<CatalogTool> tools, CallVariables variables) => new()
    {
        Model = model,
        // In the service's spelling where it is known; what is not known is checked at start-up.
        VoiceName = agent.Voice is { } voice ? LiveVoices.Find(voice) ?? voice : null,
        LanguageCode = agent.Language is { } language ? LiveLanguages.Canonical(language) ?? language : null,
        SystemInstruction = agent.Instructions.Length == 0 ? null : variables.Fill(agent.Instructions),
        Functions = [.. tools.Select(t => new LiveFunction(t.Name, t.Description, t.ParametersSchema, Behavior(agent, t)))],
        GoogleSearch = agent.GoogleSearch,
        CodeExecution = agent.CodeExecution,
        InputTranscription = agent.Transcription.Input,
        OutputTranscription = agent.Transcription.Output,
        SessionResumption = agent.Resumption,
        ContextWindowCompression = agent.Compression.Enabled ? new(agent.Compression.TriggerTokens, agent.Compression.TargetTokens) : null,
        Generation = Generation(agent.Generation),
        Thinking = agent.Thinking is { } thinking
            ? new LiveThinking { Level = thinking.Level, Budget = thinking.Budget, IncludeThoughts = thinking.IncludeThoughts }
            : null,
        RealtimeInput = RealtimeInput(agent.Activity),
        EnableAffectiveDialog = agent.AffectiveDialog,
        ProactiveAudio = agent.ProactiveAudio,
        InitialHistoryInClientContent = agent.History.Count > 0,
    };

    /// <summary>What makes the model speak first, for <c>realtimeInput.text</c>; empty: the caller begins.</summary>
    public static string Greeting(AgentProfile agent, CallVariables variables) => variables.Fill(agent.Greeting);

    /// <summary>For the first <c>clientContent</c> of the call's first session; empty: there is none to send.</summary>
    public static IReadOnlyList<LiveContent> History(AgentProfile agent, CallVariables variables) =>
        [.. agent.History.Select(t => new LiveContent(t.Role == AgentRole.User ? "user" : "model", variables.Fill(t.Text)))];

    /// <summary>How a tool's results are scheduled; null: as the model likes. A session leaves it out where its model refuses it.</summary>
    public static LiveScheduling? Scheduling(AgentProfile agent, CatalogTool tool) =>
        Narrowest(agent.ToolScheduling, tool, out var scheduling) ? scheduling : null;

    internal static LiveFunctionBehavior? Behavior(AgentProfile agent, CatalogTool tool) =>
        Narrowest(agent.ToolBehavior, tool, out var behavior) ? behavior : null;

    // The name, then plugin/name, then plugin/*, then *.
    private static bool Narrowest<T>(IReadOnlyDictionary<string, T> byPattern, CatalogTool tool, out T value)
    {
        value = default!;
        return byPattern.Count > 0
            && (byPattern.TryGetValue(tool.Name, out value!)
                || byPattern.TryGetValue(tool.ToString(), out value!)
                || byPattern.TryGetValue($"{tool.Plugin}/*", out value!)
                || byPattern.TryGetValue("*", out value!));
    }

    private static LiveGeneration Generation(AgentGeneration generation) => new()
    {
        Temperature = generation.Temperature,
        TopP = generation.TopP,
        TopK = generation.TopK,
        MaxOutputTokens = generation.MaxOutputTokens,
        PresencePenalty = generation.PresencePenalty,
        FrequencyPenalty = generation.FrequencyPenalty,
        Seed = generation.Seed,
        MediaResolution = generation.MediaResolution is { } resolution ? "MEDIA_RESOLUTION_" + resolution.ToString().ToUpperInvariant() : null,
    };

    private static LiveRealtimeInput RealtimeInput(AgentActivity activity) => new()
    {
        AutomaticActivityDetection = activity.Detection == AgentDetection.Automatic,
        StartOfSpeech = activity.StartSensitivity,
        EndOfSpeech = activity.EndSensitivity,
        PrefixPadding = Milliseconds(activity.PrefixPaddingMs),
        SilenceDuration = Milliseconds(activity.SilenceDurationMs),
        Interruptible = activity.Interruptible,
        TurnIncludesAllInput = activity.Coverage is { } coverage ? coverage == AgentCoverage.AllInput : null,
    };

    private static TimeSpan? Milliseconds(int? value) => value is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}
