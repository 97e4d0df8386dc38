using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary><c>serverContent</c>.</summary>
internal static class ServerContentParser
{
    public static void Parse(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterObject()) return;

        while (reader.NextProperty())
        {
            if (reader.Is("modelTurn"u8)) ParseModelTurn(ref reader, message);
            else if (reader.Is("outputTranscription"u8)) message.OutputTranscript.Parse(ref reader);
            else if (reader.Is("inputTranscription"u8)) message.InputTranscript.Parse(ref reader);
            else if (reader.Is("interrupted"u8)) message.Interrupted |= reader.TakeBool();
            else if (reader.Is("generationComplete"u8)) message.GenerationComplete |= reader.TakeBool();
            else if (reader.Is("turnComplete"u8)) message.TurnComplete |= reader.TakeBool();
            else if (reader.Is("turnCompleteReason"u8)) message.TurnCompleteReason = reader.TakeString();
            else if (reader.Is("waitingForInput"u8)) message.WaitingForInput |= reader.TakeBool();
            else if (reader.Is("interactionStatus"u8)) message.InteractionStatus = reader.TakeString();
            else if (reader.Is("groundingMetadata"u8)) message.GroundingMetadata = reader.TakeElement();
            else reader.SkipValue();
        }
    }

    private static void ParseModelTurn(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterObject()) return;

        while (reader.NextProperty())
        {
            if (reader.Is("parts"u8)) ParseParts(ref reader, message);
            else reader.SkipValue();
        }
    }

    private static void ParseParts(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterArray()) return;

        while (reader.NextElement()) PartParser.Parse(ref reader, message);
    }
}
