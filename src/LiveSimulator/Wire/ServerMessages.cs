using System.Buffers.Text;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>The server's messages, written field by field: what they look like on the wire can be read here.</summary>
internal static class ServerMessages
{
    public static void SetupComplete(Utf8JsonWriter json, string? sessionId)
    {
        json.WriteStartObject("setupComplete");
        if (sessionId is not null)
            json.WriteString("sessionId", sessionId);
        json.WriteEndObject();
    }

    public static void Audio(Utf8JsonWriter json, ReadOnlySpan<byte> pcm, string mimeType, bool urlSafe = false, string? transcript = null)
    {
        json.WriteStartObject("serverContent");
        json.WriteStartObject("modelTurn");
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteStartObject("inlineData");
        json.WriteString("mimeType", mimeType);
        if (urlSafe)
            json.WriteString("data", Base64Url.EncodeToString(pcm));
        else
            json.WriteBase64String("data", pcm);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        if (transcript is not null)
        {
            json.WriteStartObject("outputTranscription");
            json.WriteString("text", transcript);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static void Text(Utf8JsonWriter json, string text, bool thought = false)
    {
        json.WriteStartObject("serverContent");
        json.WriteStartObject("modelTurn");
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("text", text);
        if (thought)
            json.WriteBoolean("thought", true);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <param name="json">Where to.</param>
    /// <param name="direction"><c>inputTranscription</c> or <c>outputTranscription</c>.</param>
    /// <param name="text">A fragment; fragments are to be joined as they are.</param>
    /// <param name="finished">Whether it is the last one, which only Vertex AI says.</param>
    public static void Transcription(Utf8JsonWriter json, string direction, string text, bool finished)
    {
        json.WriteStartObject("serverContent");
        json.WriteStartObject(direction);
        json.WriteString("text", text);
        if (finished)
            json.WriteBoolean("finished", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <param name="json">Where to.</param>
    /// <param name="flags"><c>generationComplete</c>, <c>turnComplete</c>, <c>interrupted</c> or <c>waitingForInput</c>, usually one of them.</param>
    public static void Content(Utf8JsonWriter json, params ReadOnlySpan<string> flags)
    {
        json.WriteStartObject("serverContent");
        foreach (var flag in flags)
            json.WriteBoolean(flag, true);
        json.WriteEndObject();
    }

    public static void ToolCall(Utf8JsonWriter json, IReadOnlyList<OpenToolCall> calls, bool withIds)
    {
        json.WriteStartObject("toolCall");
        json.WriteStartArray("functionCalls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            if (withIds)
                json.WriteString("id", call.Id);
            json.WriteString("name", call.Name);
            json.WritePropertyName("args");
            call.Args.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void ToolCallCancellation(Utf8JsonWriter json, IReadOnlyList<string> ids)
    {
        json.WriteStartObject("toolCallCancellation");
        json.WriteStartArray("ids");
        foreach (var id in ids)
            json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void SessionResumptionUpdate(Utf8JsonWriter json, string? handle, long? lastConsumedIndex)
    {
        json.WriteStartObject("sessionResumptionUpdate");
        if (handle is not null)
        {
            json.WriteString("newHandle", handle);
            json.WriteBoolean("resumable", true);
            // An int64, which protobuf's JSON writes as a string.
            if (lastConsumedIndex is { } index)
                json.WriteString("lastConsumedClientMessageIndex", index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteBoolean("resumable", false);
        }

        json.WriteEndObject();
    }

    public static void Usage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", usage.PromptText + usage.PromptAudio);
        json.WriteNumber("responseTokenCount", usage.ResponseText + usage.ResponseAudio);
        if (usage.Thoughts > 0)
            json.WriteNumber("thoughtsTokenCount", usage.Thoughts);
        json.WriteNumber("totalTokenCount", usage.PromptText + usage.PromptAudio + usage.ResponseText + usage.ResponseAudio + usage.Thoughts);
        Details(json, "promptTokensDetails", usage.PromptText, usage.PromptAudio);
        Details(json, "responseTokensDetails", usage.ResponseText, usage.ResponseAudio);
        json.WriteEndObject();
    }

    public static void VoiceActivity(Utf8JsonWriter json, bool started)
    {
        json.WriteStartObject("voiceActivity");
        json.WriteString("voiceActivityType", started ? "ACTIVITY_START" : "ACTIVITY_END");
        json.WriteEndObject();
    }

    private static void Details(Utf8JsonWriter json, string name, int text, int audio)
    {
        json.WriteStartArray(name);
        foreach (var (modality, count) in ((string, int)[])[("TEXT", text), ("AUDIO", audio)])
        {
            if (count == 0)
                continue;
            json.WriteStartObject();
            json.WriteString("modality", modality);
            json.WriteNumber("tokenCount", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
