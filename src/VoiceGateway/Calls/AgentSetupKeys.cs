using System.Text.RegularExpressions;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;

namespace VoiceGateway.Calls;

/// <summary>Where a setting of <see cref="LiveSetup"/> stands in an agent's file.</summary>
internal static partial class AgentSetupKeys
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        [nameof(LiveSetup.Model)] = "model",
        [nameof(LiveSetup.ResponseModality)] = "responseModality",
        [nameof(LiveSetup.VoiceName)] = "voice",
        [nameof(LiveSetup.LanguageCode)] = "language",
        [nameof(LiveSetup.SystemInstruction)] = "instructions",
        [nameof(LiveSetup.Functions)] = "tools",
        [nameof(LiveSetup.GoogleSearch)] = "googleSearch",
        [nameof(LiveSetup.CodeExecution)] = "codeExecution",
        [nameof(LiveSetup.InputTranscription)] = "transcription.input",
        [nameof(LiveSetup.OutputTranscription)] = "transcription.output",
        [nameof(LiveSetup.SessionResumption)] = "resumption",
        [nameof(LiveSetup.EnableAffectiveDialog)] = "affectiveDialog",
        [nameof(LiveSetup.ProactiveAudio)] = "proactiveAudio",
        [nameof(LiveSetup.InitialHistoryInClientContent)] = "history",
        [nameof(LiveSetup.ContextWindowCompression)] = "compression",
        [nameof(LiveSetup.Generation)] = "generation",
        [nameof(LiveSetup.Thinking)] = "thinking",
        [nameof(LiveSetup.RealtimeInput)] = "activity",
        ["RealtimeInput." + nameof(LiveRealtimeInput.AutomaticActivityDetection)] = "activity.detection",
        ["RealtimeInput." + nameof(LiveRealtimeInput.StartOfSpeech)] = "activity.startSensitivity",
        ["RealtimeInput." + nameof(LiveRealtimeInput.EndOfSpeech)] = "activity.endSensitivity",
        ["RealtimeInput." + nameof(LiveRealtimeInput.PrefixPadding)] = "activity.prefixPaddingMs",
        ["RealtimeInput." + nameof(LiveRealtimeInput.SilenceDuration)] = "activity.silenceDurationMs",
        ["RealtimeInput." + nameof(LiveRealtimeInput.Interruptible)] = "activity.interruptible",
        ["RealtimeInput." + nameof(LiveRealtimeInput.TurnIncludesAllInput)] = "activity.coverage",
    };

    /// <param name="setting">As in <see cref="LiveSetupViolation.Setting"/>.</param>
    /// <param name="agent">What was written, where several keys could be meant.</param>
    public static string Of(string setting, AgentProfile agent)
    {
        if (Function().Match(setting) is { Success: true } function)
            return function.Groups["part"].Value == nameof(LiveFunction.Behavior) ? $"toolBehavior.{BehaviorKey(agent, function.Groups["name"].Value)}" : "tools";
        if (setting == nameof(LiveSetup.Thinking))
            return agent.Thinking switch { { Level: not null } => "thinking.level", { Budget: not null } => "thinking.budget", _ => "thinking" };
        if (setting == nameof(LiveSetup.SystemInstruction) && agent.InstructionsFile is not null) return "instructionsFile";
        if (Keys.TryGetValue(setting, out var key)) return key;
        var parts = setting.Split('.', 2);
        return Keys.TryGetValue(parts[0], out var above) && parts.Length == 2 ? $"{above}.{JsonShape.Word(parts[1])}" : JsonShape.Word(setting);
    }

    /// <summary>A remedy speaks of the client's settings; the reader knows those of the file.</summary>
    public static string InWords(string remedy) => Setting().Replace(remedy, static m => Of(m.Value, new AgentProfile()));

    private static string BehaviorKey(AgentProfile agent, string tool) =>
        agent.ToolBehavior.Keys.FirstOrDefault(k => k == tool)
        ?? agent.ToolBehavior.Keys.FirstOrDefault(k => k.EndsWith("/" + tool, StringComparison.Ordinal))
        ?? agent.ToolBehavior.Keys.FirstOrDefault(static k => k.EndsWith("/*", StringComparison.Ordinal))
        ?? "*";

    [GeneratedRegex(@"^Functions\[(?<name>[^\]]*)\](\.(?<part>\w+))?", RegexOptions.CultureInvariant)]
    private static partial Regex Function();

    [GeneratedRegex(@"\b(Thinking|Generation|RealtimeInput|ContextWindowCompression)\.[A-Z]\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
