using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary><c>generationConfig</c> of the setup. Speech is the one response modality of a telephone call.</summary>
internal static class GenerationConfig
{
    public static void Write(
        Utf8JsonWriter json, LiveSetup setup, LiveModelContract contract, string apiVersion, List<string> omitted)
    {
        LiveGeneration generation = setup.Generation;
        json.WriteStartObject("generationConfig"u8);
        json.WriteStartArray("responseModalities"u8);
        json.WriteStringValue(setup.ResponseModality);
        json.WriteEndArray();
        if (generation.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (generation.TopP is { } topP) json.WriteNumber("topP"u8, topP);
        if (generation.TopK is { } topK) json.WriteNumber("topK"u8, topK);
        if (generation.MaxOutputTokens is { } maxOutputTokens) json.WriteNumber("maxOutputTokens"u8, maxOutputTokens);
        if (generation.CandidateCount is { } candidateCount) json.WriteNumber("candidateCount"u8, candidateCount);
        if (generation.PresencePenalty is { } presencePenalty) json.WriteNumber("presencePenalty"u8, presencePenalty);
        if (generation.FrequencyPenalty is { } frequencyPenalty) json.WriteNumber("frequencyPenalty"u8, frequencyPenalty);
        if (generation.Seed is { } seed) json.WriteNumber("seed"u8, seed);
        if (generation.MediaResolution is { } mediaResolution) json.WriteString("mediaResolution"u8, mediaResolution);
        WriteSpeech(json, setup);
        if (setup.Thinking is { } thinking) WriteThinking(json, thinking, contract, omitted);
        if (setup.EnableAffectiveDialog && SetupMessage.IsOptInAllowed("enableAffectiveDialog", contract, apiVersion, omitted))
            json.WriteBoolean("enableAffectiveDialog"u8, true);
        json.WriteEndObject();
    }

    private static void WriteSpeech(Utf8JsonWriter json, LiveSetup setup)
    {
        if (setup.LanguageCode is null && setup.VoiceName is null) return;

        json.WriteStartObject("speechConfig"u8);
        if (setup.LanguageCode is { } language) json.WriteString("languageCode"u8, LiveLanguages.Canonical(language) ?? language);
        if (setup.VoiceName is { } voice)
        {
            json.WriteStartObject("voiceConfig"u8);
            json.WriteStartObject("prebuiltVoiceConfig"u8);
            json.WriteString("voiceName"u8, LiveVoices.Find(voice) ?? voice);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteThinking(Utf8JsonWriter json, LiveThinking thinking, LiveModelContract contract, List<string> omitted)
    {
        if (contract.Thinking == LiveThinkingSupport.None)
        {
            omitted.Add($"thinkingConfig: {contract.Family} refuses it");
            return;
        }

        json.WriteStartObject("thinkingConfig"u8);
        if (thinking.IncludeThoughts is { } include) json.WriteBoolean("includeThoughts"u8, include);
        if (thinking.Budget is { } budget)
        {
            if (contract.Thinking == LiveThinkingSupport.Budget) json.WriteNumber("thinkingBudget"u8, budget);
            else omitted.Add($"thinkingBudget: {contract.Family} takes a level");
        }

        if (thinking.Level is { } level)
        {
            if (contract.Thinking != LiveThinkingSupport.Level)
                omitted.Add($"thinkingLevel: {contract.Family} takes a budget");
            else if (level < contract.LeastThinking)
                omitted.Add($"thinkingLevel {level}: {contract.Family} begins at {contract.LeastThinking}");
            else
                json.WriteString("thinkingLevel"u8, level.ToString().ToLowerInvariant());
        }

        json.WriteEndObject();
    }
}
