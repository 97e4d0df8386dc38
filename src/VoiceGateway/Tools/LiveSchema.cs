using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.Tools;

/// <summary>
/// Reduces a JSON schema to the keywords that the model service documents for <c>parametersJsonSchema</c>:
/// an unknown one closes the session with 1007. What is dropped and still useful goes into the description.
/// Arguments are checked against the full schema all the same.
/// </summary>
internal static class LiveSchema
{
    private static readonly HashSet<string> CopiedKeywords = new(StringComparer.Ordinal)
    {
        "$ref", "$id", "$anchor", "type", "title", "description", "enum", "minItems", "maxItems", "minimum", "maximum", "required",
    };

    private static readonly HashSet<string> Formats = new(StringComparer.Ordinal)
    {
        "date", "time", "date-time", "duration", "int32", "int64", "float", "double",
    };

    public static JsonElement From(JsonElement schema)
    {
        var reduced = schema.ValueKind == JsonValueKind.Object ? Reduce(schema) : [];
        reduced["type"] = "object";
        reduced.Remove("title");
        reduced.Remove("description");
        reduced["properties"] ??= new JsonObject();
        return JsonSerializer.SerializeToElement(reduced);
    }

    private static JsonObject Reduce(JsonElement schema)
    {
        var reduced = new JsonObject();
        foreach (var keyword in schema.EnumerateObject())
        {
            var value = keyword.Value;
            switch (keyword.Name)
            {
                case "properties" or "$defs" when value.ValueKind == JsonValueKind.Object:
                    reduced[keyword.Name] = ReduceEach(value);
                    break;
                case "definitions" when value.ValueKind == JsonValueKind.Object:
                    reduced["$defs"] = ReduceEach(value);
                    break;
                case "items" or "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                    reduced[keyword.Name] = Reduce(value);
                    break;
                case "additionalProperties" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    reduced[keyword.Name] = JsonNode.Parse(value.GetRawText());
                    break;
                case "anyOf" or "oneOf" when value.ValueKind == JsonValueKind.Array:
                    reduced["anyOf"] = new JsonArray([.. value.EnumerateArray().Select(ReduceOrAny)]);
                    break;
                case "prefixItems" when value.ValueKind == JsonValueKind.Array:
                    reduced[keyword.Name] = new JsonArray([.. value.EnumerateArray().Select(ReduceOrAny)]);
                    break;
                case "const":
                    reduced["enum"] = new JsonArray(JsonNode.Parse(value.GetRawText()));
                    break;
                case "format" when value.ValueKind == JsonValueKind.String && Formats.Contains(value.GetString()!):
                case var name when CopiedKeywords.Contains(name):
                    reduced[keyword.Name] = JsonNode.Parse(value.GetRawText());
                    break;
            }
        }

        PointToDefs(reduced);
        DropNull(reduced);
        DescribeDefault(schema, reduced);
        return reduced;
    }

    private static JsonObject ReduceEach(JsonElement schemas) =>
        new(schemas.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (JsonNode?)ReduceOrAny(p.Value))));

    // "true" is a schema too: anything goes.
    private static JsonObject ReduceOrAny(JsonElement schema) => schema.ValueKind == JsonValueKind.Object ? Reduce(schema) : [];

    private static void PointToDefs(JsonObject schema)
    {
        if (schema["$ref"] is JsonValue reference && reference.TryGetValue<string>(out var target))
            schema["$ref"] = target.Replace("#/definitions/", "#/$defs/", StringComparison.Ordinal);
    }

    // C# "string? phone = null" is ["string", "null"]: a model leaves such an argument out rather than send null.
    private static void DropNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            var kept = types.Where(t => t?.GetValue<string>() != "null").Select(t => t!.DeepClone()).ToArray();
            schema["type"] = kept.Length == 1 ? kept[0] : new JsonArray(kept);
        }

        if (schema["enum"] is JsonArray values && values.Any(v => v is null))
            schema["enum"] = new JsonArray([.. values.Where(v => v is not null).Select(v => v!.DeepClone())]);
    }

    private static void DescribeDefault(JsonElement schema, JsonObject reduced)
    {
        if (!schema.TryGetProperty("default", out var value) || value.ValueKind == JsonValueKind.Null)
            return;
        var description = reduced["description"]?.GetValue<string>().TrimEnd('.', ' ');
        var note = $"Default: {(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText())}.";
        reduced["description"] = string.IsNullOrEmpty(description) ? note : $"{description}. {note}";
    }
}
