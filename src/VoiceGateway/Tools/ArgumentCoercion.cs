using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.Tools;

/// <summary>Turns a value into the JSON type that a schema asks for, where only one meaning is possible.</summary>
internal static class ArgumentCoercion
{
    public static bool IsOfType(JsonElement value, string type) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && IsWhole(value),
        "number" => value.ValueKind == JsonValueKind.Number,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    public static bool TryCoerce(JsonElement value, string type, out JsonElement coerced)
    {
        coerced = default;
        switch (type)
        {
            case "integer" or "number" when value.ValueKind == JsonValueKind.String:
                if (!decimal.TryParse(value.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
                    return false;
                coerced = JsonSerializer.SerializeToElement(number);
                return IsOfType(coerced, type);
            case "boolean" when value.ValueKind == JsonValueKind.String:
                if (!bool.TryParse(value.GetString(), out var truth))
                    return false;
                coerced = JsonSerializer.SerializeToElement(truth);
                return true;
            case "string" when value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                coerced = JsonSerializer.SerializeToElement(value.GetRawText());
                return true;
            case "array" when value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined):
                return TryParseText(value, type, out coerced) || TryWrap(value, out coerced);
            case "object":
                return TryParseText(value, type, out coerced);
            default:
                return false;
        }
    }

    /// <summary>4.0 for an integer is 4: a C# int does not read "4.0".</summary>
    public static JsonNode? Number(JsonElement value, string type) =>
        type == "integer" && !value.TryGetInt64(out _) && value.TryGetDecimal(out var whole)
            ? JsonValue.Create((long)whole)
            : JsonValue.Create(value);

    private static bool IsWhole(JsonElement value) =>
        value.TryGetInt64(out _)
        || (value.TryGetDecimal(out var number) && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue);

    // Some models send a list or an object as its JSON text.
    private static bool TryParseText(JsonElement value, string type, out JsonElement parsed)
    {
        parsed = default;
        if (value.ValueKind != JsonValueKind.String || value.GetString()!.TrimStart() is not ['[' or '{', ..])
            return false;
        try
        {
            parsed = JsonElement.Parse(value.GetString()!);
            return IsOfType(parsed, type);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryWrap(JsonElement value, out JsonElement list)
    {
        list = JsonElement.Parse($"[{value.GetRawText()}]");
        return true;
    }
}
