using System.Text.Json;
using System.Text.Unicode;

namespace VoiceGateway.GeminiLive;

/// <summary>Top level of a server message. Unknown fields and enum values never break anything.</summary>
internal static class ServerMessageParser
{
    private static readonly JsonReaderOptions Tolerant = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <returns>False when the bytes are no JSON object; <paramref name="message"/> is then empty.</returns>
    public static bool TryParse(ReadOnlySpan<byte> json, ServerMessage message)
    {
        message.Reset();

        // The reader looks at the bytes of a string only when asked for it, and args are kept unread.
        if (!Utf8.IsValid(json)) return false;

        try
        {
            var reader = new Utf8JsonReader(json, Tolerant);
            if (!reader.EnterObject()) return false;
            while (reader.NextProperty()) ParseField(ref reader, message);
            return !reader.Read();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, escaped.
            message.Reset();
            return false;
        }
    }

    private static void ParseField(ref Utf8JsonReader reader, ServerMessage message)
    {
        bool known = true;
        if (reader.Is("serverContent"u8))
        {
            ServerContentParser.Parse(ref reader, message);
        }
        else if (reader.Is("setupComplete"u8))
        {
            reader.SkipValue();
            message.SetupComplete = true;
        }
        else if (reader.Is("usageMetadata"u8))
        {
            message.Usage = UsageParser.Parse(ref reader);
        }
        else if (reader.Is("toolCall"u8))
        {
            ToolCallParser.ParseCalls(ref reader, message);
        }
        else if (reader.Is("toolCallCancellation"u8))
        {
            ToolCallParser.ParseCancellation(ref reader, message);
        }
        else if (reader.Is("sessionResumptionUpdate"u8))
        {
            ConnectionNoticeParser.ParseResumption(ref reader, message);
        }
        else if (reader.Is("goAway"u8))
        {
            ConnectionNoticeParser.ParseGoAway(ref reader, message);
        }
        else if (reader.Is("voiceActivity"u8) || reader.Is("voiceActivityDetectionSignal"u8))
        {
            message.VoiceActivity = VoiceActivityParser.Parse(ref reader);
        }
        else
        {
            reader.SkipValue();
            known = false;
        }

        message.Known |= known;
    }
}
