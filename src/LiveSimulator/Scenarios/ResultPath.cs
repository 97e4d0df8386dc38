using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Finds a value in a function's response. A response is <c>{output: …}</c> or <c>{error: …}</c> by convention, or the bare result;
/// and some clients send the result as a text that holds JSON. A path means the same thing in each of these.
/// </summary>
internal static class ResultPath
{
    public static JsonElement Find(JsonElement response, string path)
    {
        var parts = path.Split('.');
        var found = Walk(response, parts);
        if (found.ValueKind != JsonValueKind.Undefined || response.ValueKind != JsonValueKind.Object)
            return found;
        foreach (var wrapper in (ReadOnlySpan<string>)["output", "result"])
        {
            if (response.TryGetProperty(wrapper, out var inner) && Walk(inner, parts) is { ValueKind: not JsonValueKind.Undefined } unwrapped)
                return unwrapped;
        }

        return default;
    }

    /// <summary>Whether two values mean the same; numbers are compared as numbers, texts without regard to case.</summary>
    public static bool AreEqual(JsonElement one, JsonElement other) => (one.ValueKind, other.ValueKind) switch
    {
        (JsonValueKind.Undefined, _) or (_, JsonValueKind.Undefined) => false,
        (JsonValueKind.Number, JsonValueKind.Number) => one.GetDouble().Equals(other.GetDouble()),
        (JsonValueKind.String, JsonValueKind.String) => string.Equals(one.GetString(), other.GetString(), StringComparison.OrdinalIgnoreCase),
        _ => JsonElement.DeepEquals(one, other),
    };

    private static JsonElement Walk(JsonElement value, ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            value = Unfold(value);
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(part, out var member))
                value = member;
            else if (value.ValueKind == JsonValueKind.Array && int.TryParse(part, out var index) && index >= 0 && index < value.GetArrayLength())
                value = value[index];
            else
                return default;
        }

        return value;
    }

    private static JsonElement Unfold(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString()!.AsSpan().TrimStart() is not ['{' or '[', ..])
            return value;
        try
        {
            return JsonElement.Parse(value.GetString()!);
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
