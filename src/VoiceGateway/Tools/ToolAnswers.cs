using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Tools;

/// <summary>The <c>response</c> of a function response: <c>{"output": …}</c> or <c>{"error": "…"}</c>.</summary>
internal static class ToolAnswers
{
    public static JsonElement Error(string words) =>
        JsonSerializer.SerializeToElement(new JsonObject { ["error"] = words }, Tool.SerializerOptions);

    /// <summary>Wraps a result; a long one is cut to about <paramref name="maxBytes"/> of UTF-8 and says so.</summary>
    public static JsonElement Output(AIFunction function, object? result, int maxBytes)
    {
        var output = result switch
        {
            JsonElement element => element,
            null => default,
            _ => JsonSerializer.SerializeToElement(result, result.GetType(), function.JsonSerializerOptions),
        };

        // A bare null reads like a failure to a model.
        if (output.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return JsonSerializer.SerializeToElement(new JsonObject { ["output"] = "done" }, Tool.SerializerOptions);
        var text = output.ValueKind == JsonValueKind.String ? output.GetString()! : output.GetRawText();
        var size = Encoding.UTF8.GetByteCount(text);
        return size <= maxBytes
            ? JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["output"] = output }, Tool.SerializerOptions)
            : JsonSerializer.SerializeToElement(
                new JsonObject
                {
                    ["output"] = Cut(text, maxBytes),
                    ["note"] = $"the result had {size} bytes and was cut after {maxBytes}; ask for less if the rest matters",
                },
                Tool.SerializerOptions);
    }

    private static string Cut(string text, int maxBytes)
    {
        Span<byte> buffer = new byte[maxBytes];
        // Whole characters only: the encoder stops before one that does not fit.
        Encoding.UTF8.GetEncoder().Convert(text, buffer, flush: false, out var charsUsed, out _, out _);
        return text[..charsUsed];
    }
}
