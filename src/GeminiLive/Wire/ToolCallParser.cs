using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary><c>toolCall</c> and <c>toolCallCancellation</c>.</summary>
internal static class ToolCallParser
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("{}");

    public static void ParseCalls(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterObject()) return;

        while (reader.NextProperty())
        {
            if (!reader.Is("functionCalls"u8))
            {
                reader.SkipValue();
                continue;
            }

            if (!reader.EnterArray()) continue;
            while (reader.NextElement()) ParseCall(ref reader, message);
        }
    }

    public static void ParseCancellation(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterObject()) return;

        while (reader.NextProperty())
        {
            if (!reader.Is("ids"u8))
            {
                reader.SkipValue();
                continue;
            }

            if (!reader.EnterArray()) continue;
            while (reader.NextElement())
            {
                if (reader.TakeString() is { } id) (message.CancelledToolCalls ??= []).Add(id);
            }
        }
    }

    private static void ParseCall(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterObject()) return;

        string? id = null, name = null;
        JsonElement args = NoArguments;
        while (reader.NextProperty())
        {
            if (reader.Is("id"u8)) id = reader.TakeString();
            else if (reader.Is("name"u8)) name = reader.TakeString();
            else if (reader.Is("args"u8)) args = reader.TakeElement();
            else reader.SkipValue();
        }

        if (string.IsNullOrEmpty(id))
        {
            // Unique beyond the session: tools use it as their idempotency key.
            id = LiveFunctionCall.GeneratedIdPrefix + Guid.NewGuid().ToString("N");
            message.ToolIdsGenerated++;
        }

        if (args.ValueKind != JsonValueKind.Object) args = NoArguments;
        (message.ToolCalls ??= []).Add(new LiveFunctionCall(id, name ?? "", args));
    }
}
