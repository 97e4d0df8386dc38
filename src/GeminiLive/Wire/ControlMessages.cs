using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>Every client message but <c>setup</c> and audio; exactly one key each, with room in front for a frame's head.</summary>
internal static class ControlMessages
{
    // UTF-8 is fine on a socket: no need to write umlauts as \u escapes.
    public static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly byte[] AudioStreamEndJson = """{"realtimeInput":{"audioStreamEnd":true}}"""u8.ToArray();
    private static readonly byte[] ActivityStartJson = """{"realtimeInput":{"activityStart":{}}}"""u8.ToArray();
    private static readonly byte[] ActivityEndJson = """{"realtimeInput":{"activityEnd":{}}}"""u8.ToArray();

    public static PooledBuffer AudioStreamEnd(ArrayPool<byte> pool) => Copy(pool, AudioStreamEndJson);

    public static PooledBuffer ActivityStart(ArrayPool<byte> pool) => Copy(pool, ActivityStartJson);

    public static PooledBuffer ActivityEnd(ArrayPool<byte> pool) => Copy(pool, ActivityEndJson);

    public static PooledBuffer Text(ArrayPool<byte> pool, string text) => Write(pool, text, static (json, text) =>
    {
        json.WriteStartObject("realtimeInput"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    });

    public static PooledBuffer VideoFrame(ArrayPool<byte> pool, byte[] jpeg) => Write(pool, jpeg, static (json, jpeg) =>
    {
        json.WriteStartObject("realtimeInput"u8);
        json.WriteStartObject("video"u8);
        json.WriteString("mimeType"u8, "image/jpeg"u8);
        json.WriteBase64String("data"u8, jpeg);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static PooledBuffer ClientContent(ArrayPool<byte> pool, IReadOnlyList<LiveContent> turns, bool turnComplete) =>
        Write(pool, (turns, turnComplete), static (json, content) =>
        {
            json.WriteStartObject("clientContent"u8);
            json.WriteStartArray("turns"u8);
            foreach (LiveContent turn in content.turns)
            {
                json.WriteStartObject();
                json.WriteString("role"u8, turn.Role);
                SetupMessage.WriteTextParts(json, turn.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("turnComplete"u8, content.turnComplete);
            json.WriteEndObject();
        });

    public static PooledBuffer ContextUpdate(
        ArrayPool<byte> pool, string? systemInstruction, IReadOnlyList<LiveFunction>? functions, LiveModelContract contract) =>
        Write(pool, (systemInstruction, functions, contract), static (json, update) =>
        {
            json.WriteStartObject("contextUpdate"u8);
            if (update.systemInstruction is { } instruction) SetupMessage.WriteSystemInstruction(json, instruction);
            if (update.functions is { } functions)
            {
                json.WriteStartArray("tools"u8);
                FunctionDeclarations.Write(json, functions, update.contract, omitted: null);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        });

    public static PooledBuffer ToolResponse(ArrayPool<byte> pool, IReadOnlyList<LiveToolResult> results, LiveModelContract contract) =>
        Write(pool, (results, contract), static (json, response) =>
        {
            json.WriteStartObject("toolResponse"u8);
            json.WriteStartArray("functionResponses"u8);
            foreach (LiveToolResult result in response.results) WriteToolResult(json, result, response.contract);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    public static PooledBuffer Write<T>(ArrayPool<byte> pool, T content, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new PooledBuffer(pool, 1024, WebSocketFrame.Room);
        try
        {
            Utf8JsonWriter json = PerThread<Utf8JsonWriter>.Take() ?? new Utf8JsonWriter(buffer, Compact);
            json.Reset(buffer);
            json.WriteStartObject();
            write(json, content);
            json.WriteEndObject();
            json.Flush();
            PerThread<Utf8JsonWriter>.PutBack(json);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static void WriteToolResult(Utf8JsonWriter json, LiveToolResult result, LiveModelContract contract)
    {
        json.WriteStartObject();

        // The server knows no id that was made here (it had sent none).
        if (!result.Id.StartsWith(LiveFunctionCall.GeneratedIdPrefix, StringComparison.Ordinal)) json.WriteString("id"u8, result.Id);
        json.WriteString("name"u8, result.Name);
        json.WritePropertyName("response"u8);
        WriteResponse(json, result.Response);
        if (contract.Scheduling && result.Scheduling is { } scheduling)
        {
            json.WriteString("scheduling"u8, scheduling switch
            {
                LiveScheduling.Silent => "SILENT"u8,
                LiveScheduling.Interrupt => "INTERRUPT"u8,
                _ => "WHEN_IDLE"u8,
            });
        }

        if (result.WillContinue) json.WriteBoolean("willContinue"u8, true);
        json.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter json, JsonElement response)
    {
        if (response.ValueKind == JsonValueKind.Object)
        {
            response.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        if (response.ValueKind != JsonValueKind.Undefined)
        {
            json.WritePropertyName("output"u8);
            response.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static PooledBuffer Copy(ArrayPool<byte> pool, byte[] json)
    {
        var buffer = new PooledBuffer(pool, WebSocketFrame.Room + json.Length, WebSocketFrame.Room);
        buffer.Append(json);
        return buffer;
    }
}
