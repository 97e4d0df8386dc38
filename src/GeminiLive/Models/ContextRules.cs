namespace VoiceGateway.GeminiLive;

/// <summary>Thresholds of the sliding window.</summary>
internal static class ContextRules
{
    public static void Check(LiveContextCompression? compression, LiveModelContract contract, LiveSetupFindings found)
    {
        const string Path = "ContextWindowCompression";
        if (compression is null) return;

        found.Range(Path + ".TriggerTokens", compression.TriggerTokens, 1, contract.ContextWindowTokens, " tokens");
        found.Range(Path + ".TargetTokens", compression.TargetTokens, 1, contract.ContextWindowTokens, " tokens");
        if (compression is { TriggerTokens: { } trigger, TargetTokens: { } target } && target >= trigger)
            found.Refuse(Path + ".TargetTokens", $"{target} is not less than the trigger of {trigger}", "keep fewer tokens than trigger the compression");
    }
}
