namespace VoiceGateway.GeminiLive;

/// <summary>Ranges of the sampling settings.</summary>
internal static class GenerationRules
{
    private static readonly string[] MediaResolutions = ["MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH"];

    public static void Check(LiveGeneration generation, LiveModelContract contract, LiveSetupFindings found)
    {
        found.Range("Generation.Temperature", generation.Temperature, 0, 2);
        found.Range("Generation.TopP", generation.TopP, 0, 1);
        found.Range("Generation.TopK", generation.TopK, 1, 1000);
        found.Range("Generation.MaxOutputTokens", generation.MaxOutputTokens, 1, contract.ContextWindowTokens, " tokens");
        found.Range("Generation.PresencePenalty", generation.PresencePenalty, -2, 2);
        found.Range("Generation.FrequencyPenalty", generation.FrequencyPenalty, -2, 2);
        if (generation.CandidateCount is not (null or 1))
            found.Refuse("Generation.CandidateCount", $"{generation.CandidateCount} answers cannot be spoken at once", "leave it out, or set 1");
        if (generation.MediaResolution is { } resolution && !MediaResolutions.Contains(resolution))
            found.Refuse("Generation.MediaResolution", $"\"{resolution}\" is not known", $"choose one of {string.Join(", ", MediaResolutions)}");
    }
}
