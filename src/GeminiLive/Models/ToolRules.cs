using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>Functions and the service's own tools. Search and code execution may stand beside functions.</summary>
internal static class ToolRules
{
    private const int LongestName = 64;

    public static void Check(LiveSetup setup, LiveModelContract contract, LiveSetupFindings found)
    {
        if (setup.GoogleSearch && !contract.GoogleSearch) found.Refuse("GoogleSearch", $"{contract.Family} does not search", "switch it off");
        if (setup.CodeExecution && !contract.CodeExecution) found.Refuse("CodeExecution", $"{contract.Family} does not run code", "switch it off");
        if (setup.Functions.Count > contract.MostFunctions)
        {
            found.Refuse(
                "Functions",
                $"{setup.Functions.Count} are more than the {contract.MostFunctions} that {contract.Family} takes",
                "offer this agent fewer: a model chooses better among few");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < setup.Functions.Count; i++)
        {
            LiveFunction function = setup.Functions[i];
            Check(function, IsName(function.Name) ? $"Functions[{function.Name}]" : $"Functions[{i}]", contract, found);
            if (!names.Add(function.Name)) found.Refuse($"Functions[{i}].Name", $"\"{function.Name}\" is taken", "give each function a name of its own");
        }
    }

    private static void Check(LiveFunction function, string path, LiveModelContract contract, LiveSetupFindings found)
    {
        if (!IsName(function.Name))
        {
            found.Refuse(
                path + ".Name",
                $"\"{function.Name}\" is no function name",
                $"begin with a letter or underscore and go on with letters, digits, _ . : -, at most {LongestName} in all");
        }

        if (string.IsNullOrWhiteSpace(function.Description))
            found.Advise(path + ".Description", "the model is not told what the function is for", "say what it does and when to call it");
        CheckSchema(function.ParametersSchema, path + ".ParametersSchema", found);
        CheckSchema(function.ResponseSchema, path + ".ResponseSchema", found);
        if (function.Behavior is { } behavior && behavior != contract.DefaultBehavior && !contract.BehaviorSelectable)
            found.Refuse(path + ".Behavior", $"{contract.Family} knows {contract.DefaultBehavior} only", "leave it out, or name another model");
    }

    private static void CheckSchema(JsonElement schema, string path, LiveSetupFindings found)
    {
        if (schema.ValueKind == JsonValueKind.Undefined) return;
        if (schema.ValueKind != JsonValueKind.Object)
            found.Refuse(path, $"a schema is an object and not {schema.ValueKind}", "write a JSON Schema, or leave it out");
        else if (schema.TryGetProperty("type", out JsonElement type) && !IsObjectType(type))
            found.Refuse(path, $"arguments and results are objects and not {type.GetRawText()}", "set its type to \"object\"");
    }

    private static bool IsObjectType(JsonElement type) =>
        type.ValueKind == JsonValueKind.String && string.Equals(type.GetString(), "object", StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-');
}
