using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>The refusals that depend on the model and on combinations of fields, not on a field's form.</summary>
internal static class ModelRules
{
    public static Rejection? CheckSetup(JsonElement setup, LiveApiPath api, ModelContract contract)
    {
        setup.TryGet("generationConfig", out var config);
        return CheckModalities(config, contract)
            ?? CheckThinking(config, contract)
            ?? CheckProactivity(setup, config, api, contract)
            ?? CheckActivityDetection(setup);
    }

    public static Rejection? CheckMime(string? mimeType, out int sampleRateHz)
    {
        sampleRateHz = 16000;
        var parts = (mimeType ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !parts[0].Equals("audio/pcm", StringComparison.OrdinalIgnoreCase))
            return Rejection.Invalid($"Unsupported MIME type '{mimeType}' for realtime_input.audio: expected audio/pcm (16-bit little-endian), e.g. audio/pcm;rate=16000.");
        foreach (var parameter in parts.Skip(1))
        {
            if (!parameter.StartsWith("rate=", StringComparison.OrdinalIgnoreCase))
                continue;
            // The service's native rate is 16 kHz; it resamples the other usual ones.
            if (!int.TryParse(parameter.AsSpan(5), out sampleRateHz) || sampleRateHz is not (8000 or 12000 or 16000 or 24000 or 32000 or 48000))
                return Rejection.Invalid($"Unsupported sample rate in MIME type '{mimeType}'.");
        }

        return null;
    }

    private static Rejection? CheckModalities(JsonElement config, ModelContract contract)
    {
        var modalities = config.List("responseModalities").Select(static m => m.GetString()).Distinct().ToList();
        if (modalities.Count > 1)
            return Rejection.Invalid("Request contains an invalid argument: only one response modality is supported per session.");
        if (modalities is ["TEXT"] && !contract.TextReplies)
            return Rejection.Invalid($"Cannot extract voices from a non-audio request: {contract.Family} replies with AUDIO only.");
        return modalities is ["IMAGE"] ? Rejection.Invalid("Response modality IMAGE is not supported in the Live API.") : null;
    }

    private static Rejection? CheckThinking(JsonElement config, ModelContract contract)
    {
        if (!config.TryGet("thinkingConfig", out var thinking))
            return null;
        if (!contract.ThinkingConfig)
            return Rejection.Invalid($"thinking_config is not supported by {contract.Family}.");
        if (thinking.TryGet("thinkingBudget", out _) && !contract.ThinkingBudget)
            return Rejection.Invalid($"thinking_budget is not supported by {contract.Family}: use thinking_level.");
        return thinking.Text("thinkingLevel") is { } level && !contract.ThinkingLevels.Contains(level)
            ? Rejection.Invalid($"thinking_level {level} is not supported by {contract.Family}.")
            : null;
    }

    private static Rejection? CheckProactivity(JsonElement setup, JsonElement config, LiveApiPath api, ModelContract contract)
    {
        var proactive = setup.TryGet("proactivity", out _);
        var affective = config.TryGet("enableAffectiveDialog", out _);
        if (!proactive && !affective)
            return null;
        var field = proactive ? "proactivity" : "enable_affective_dialog";
        if (!contract.ProactiveOptIn)
            return Rejection.Invalid($"{field} is not supported by {contract.Family}.");
        return api.IsVertex || api.Version == "v1alpha"
            ? null
            : Rejection.Invalid($"Invalid JSON payload received. Unknown name \"{field}\" at '{(proactive ? "setup" : "setup.generation_config")}': Cannot find field.");
    }

    private static Rejection? CheckActivityDetection(JsonElement setup) =>
        setup.TryGet("realtimeInputConfig", out var config) && config.TryGet("automaticActivityDetection", out var detection)
        && (detection.Integer("prefixPaddingMs") < 0 || detection.Integer("silenceDurationMs") < 0)
            ? Rejection.Invalid("automatic_activity_detection durations must not be negative.")
            : null;
}
