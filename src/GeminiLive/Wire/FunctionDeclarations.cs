using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary><c>functionDeclarations</c>, in setup and in contextUpdate.</summary>
internal static class FunctionDeclarations
{
    public static void Write(
        Utf8JsonWriter json, IReadOnlyList<LiveFunction> functions, LiveModelContract contract, List<string>? omitted)
    {
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations"u8);
        foreach (LiveFunction function in functions)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, function.Name);
            json.WriteString("description"u8, function.Description);
            WriteParameters(json, function.ParametersSchema, contract);
            if (function.ResponseSchema.ValueKind == JsonValueKind.Object)
            {
                json.WritePropertyName("response"u8);
                OpenApiSchema.Write(json, function.ResponseSchema);
            }

            WriteBehavior(json, function, contract, omitted);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, JsonElement schema, LiveModelContract contract)
    {
        if (schema.ValueKind != JsonValueKind.Object) return;

        if (contract.JsonSchema)
        {
            json.WritePropertyName("parametersJsonSchema"u8);
            schema.WriteTo(json);
        }
        else
        {
            json.WritePropertyName("parameters"u8);
            OpenApiSchema.Write(json, schema);
        }
    }

    // The default goes without saying, and a family with one behaviour refuses the field.
    private static void WriteBehavior(Utf8JsonWriter json, LiveFunction function, LiveModelContract contract, List<string>? omitted)
    {
        if (function.Behavior is not { } behavior || behavior == contract.DefaultBehavior) return;

        if (!contract.BehaviorSelectable)
        {
            omitted?.Add($"behavior {behavior} of {function.Name}: {contract.Family} knows {contract.DefaultBehavior} only");
            return;
        }

        json.WriteString("behavior"u8, behavior == LiveFunctionBehavior.Blocking ? "BLOCKING"u8 : "NON_BLOCKING"u8);
    }
}
