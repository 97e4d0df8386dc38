using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// JSON Schema written as the API's own <c>Schema</c>, a subset of OpenAPI 3.0: types in capitals, "or null" as
/// <c>nullable</c>, references resolved, and whatever it does not know left out, for an unknown field closes the session.
/// </summary>
internal static class OpenApiSchema
{
    private static readonly string[] Kept =
    [
        "title", "description", "format", "default", "example", "pattern", "minimum", "maximum", "minLength", "maxLength",
        "minItems", "maxItems", "minProperties", "maxProperties", "required", "propertyOrdering",
    ];

    public static void Write(Utf8JsonWriter json, JsonElement schema) => Write(json, schema, schema, []);

    /// <param name="open">The references this place lies within. A schema that refers to itself has no end: its inner value may be anything.</param>
    private static void Write(Utf8JsonWriter json, JsonElement schema, JsonElement root, Stack<string> open)
    {
        int outside = open.Count;
        schema = Resolve(schema, root, open);
        json.WriteStartObject();
        if (schema.ValueKind == JsonValueKind.Object)
        {
            WriteType(json, schema);
            WriteEnum(json, schema);
            foreach (string name in Kept)
            {
                if (!schema.TryGetProperty(name, out JsonElement value)) continue;
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            WriteProperties(json, schema, root, open);
            if (schema.TryGetProperty("items", out JsonElement items))
            {
                json.WritePropertyName("items"u8);
                Write(json, items, root, open);
            }

            WriteAlternatives(json, schema, root, open);
        }

        json.WriteEndObject();
        while (open.Count > outside) open.Pop();
    }

    // "string", or ["string", "null"]. Several other types leave the value open.
    private static void WriteType(Utf8JsonWriter json, JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out JsonElement type)) return;

        string[] names = type.ValueKind switch
        {
            JsonValueKind.String => [type.GetString()!],
            JsonValueKind.Array => [.. type.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)],
            _ => [],
        };
        string[] values = [.. names.Where(name => name != "null")];
        if (values.Length == 1) json.WriteString("type"u8, values[0].ToUpperInvariant());
        if (values.Length < names.Length) json.WriteBoolean("nullable"u8, true);
    }

    // The API's enum holds strings only.
    private static void WriteEnum(Utf8JsonWriter json, JsonElement schema)
    {
        JsonElement[] values = schema.TryGetProperty("const", out JsonElement only) ? [only]
            : schema.TryGetProperty("enum", out JsonElement many) && many.ValueKind == JsonValueKind.Array ? [.. many.EnumerateArray()]
            : [];
        if (values.Length == 0 || values.Any(value => value.ValueKind != JsonValueKind.String)) return;

        json.WriteStartArray("enum"u8);
        foreach (JsonElement value in values) value.WriteTo(json);
        json.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter json, JsonElement schema, JsonElement root, Stack<string> open)
    {
        if (!schema.TryGetProperty("properties", out JsonElement properties) || properties.ValueKind != JsonValueKind.Object) return;

        json.WriteStartObject("properties"u8);
        foreach (JsonProperty property in properties.EnumerateObject())
        {
            json.WritePropertyName(property.Name);
            Write(json, property.Value, root, open);
        }

        json.WriteEndObject();
    }

    private static void WriteAlternatives(Utf8JsonWriter json, JsonElement schema, JsonElement root, Stack<string> open)
    {
        if (!schema.TryGetProperty("anyOf", out JsonElement alternatives) && !schema.TryGetProperty("oneOf", out alternatives)) return;
        if (alternatives.ValueKind != JsonValueKind.Array) return;

        json.WriteStartArray("anyOf"u8);
        foreach (JsonElement alternative in alternatives.EnumerateArray()) Write(json, alternative, root, open);
        json.WriteEndArray();
    }

    // RFC 6901, within the document. What leads nowhere, or back, leaves the value open.
    private static JsonElement Resolve(JsonElement schema, JsonElement root, Stack<string> open)
    {
        while (schema.ValueKind == JsonValueKind.Object
            && schema.TryGetProperty("$ref", out JsonElement reference) && reference.ValueKind == JsonValueKind.String)
        {
            string to = reference.GetString()!;
            if (to == "#" || open.Contains(to)) return default;

            open.Push(to);
            schema = Follow(to, root);
        }

        return schema;
    }

    private static JsonElement Follow(string reference, JsonElement at)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return default;

        foreach (string step in reference[2..].Split('/'))
        {
            string name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return default;
        }

        return at;
    }
}
