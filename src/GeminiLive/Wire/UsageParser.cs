using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary><c>usageMetadata</c>. Vertex writes candidates… where the Developer API writes response….</summary>
internal static class UsageParser
{
    // Those that every turn of a call has.
    private static readonly string[] Modalities = ["AUDIO", "TEXT"];

    public static LiveUsage? Parse(ref Utf8JsonReader reader)
    {
        if (!reader.EnterObject()) return null;

        long prompt = 0, response = 0, thoughts = 0, toolUse = 0, cached = 0, total = 0;
        IReadOnlyList<LiveModalityTokens> promptDetails = [], responseDetails = [], toolUseDetails = [], cachedDetails = [];
        while (reader.NextProperty())
        {
            if (reader.Is("promptTokenCount"u8)) prompt = reader.TakeInt64() ?? 0;
            else if (reader.Is("responseTokenCount"u8) || reader.Is("candidatesTokenCount"u8)) response = reader.TakeInt64() ?? 0;
            else if (reader.Is("thoughtsTokenCount"u8)) thoughts = reader.TakeInt64() ?? 0;
            else if (reader.Is("toolUsePromptTokenCount"u8)) toolUse = reader.TakeInt64() ?? 0;
            else if (reader.Is("cachedContentTokenCount"u8)) cached = reader.TakeInt64() ?? 0;
            else if (reader.Is("totalTokenCount"u8)) total = reader.TakeInt64() ?? 0;
            else if (reader.Is("promptTokensDetails"u8)) promptDetails = ParseDetails(ref reader);
            else if (reader.Is("responseTokensDetails"u8) || reader.Is("candidatesTokensDetails"u8)) responseDetails = ParseDetails(ref reader);
            else if (reader.Is("toolUsePromptTokensDetails"u8)) toolUseDetails = ParseDetails(ref reader);
            else if (reader.Is("cacheTokensDetails"u8) || reader.Is("cachedContentTokensDetails"u8)) cachedDetails = ParseDetails(ref reader);
            else reader.SkipValue();
        }

        return new LiveUsage
        {
            PromptTokens = prompt,
            ResponseTokens = response,
            ThoughtsTokens = thoughts,
            ToolUsePromptTokens = toolUse,
            CachedContentTokens = cached,
            TotalTokens = total,
            PromptDetails = promptDetails,
            ResponseDetails = responseDetails,
            ToolUseDetails = toolUseDetails,
            CachedDetails = cachedDetails,
        };
    }

    private static List<LiveModalityTokens> ParseDetails(ref Utf8JsonReader reader)
    {
        var details = new List<LiveModalityTokens>();
        if (!reader.EnterArray()) return details;

        while (reader.NextElement())
        {
            if (!reader.EnterObject()) continue;

            string modality = "";
            long tokens = 0;
            while (reader.NextProperty())
            {
                if (reader.Is("modality"u8)) modality = reader.TakeWord(Modalities) ?? "";
                else if (reader.Is("tokenCount"u8)) tokens = reader.TakeInt64() ?? 0;
                else reader.SkipValue();
            }

            details.Add(new LiveModalityTokens(modality, tokens));
        }

        return details;
    }
}
