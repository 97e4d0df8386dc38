using System.Text.Json;

namespace VoiceGateway.Tools;

/// <summary>
/// Checks a model's arguments against a tool's JSON schema, in the subset of JSON Schema 2020-12 that
/// <c>AIFunctionFactory</c> and common MCP servers write, and forgives what a model means but misspells:
/// "4" for 4, 4.0 for 4, PartySize for party_size, "True" for true, LARGE for large, null for "left out".
/// </summary>
internal sealed class ArgumentSchema(JsonElement root)
{
    /// <summary>The arguments as the tool should get them, or what is wrong, in words that the model can act on.</summary>
    public bool TryFit(JsonElement arguments, out IReadOnlyDictionary<string, JsonElement> fitted, out string problem)
    {
        fitted = new Dictionary<string, JsonElement>();
        if (arguments.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            arguments = JsonElement.Parse("{}");
        if (arguments.ValueKind != JsonValueKind.Object)
        {
            problem = $"the arguments must be a JSON object; you sent {ArgumentWords.Describe(arguments)}";
            return false;
        }

        var fit = new ArgumentFit(root);
        var node = fit.Object(root, arguments, "");
        problem = string.Join("; ", fit.Problems);
        if (node is null)
            return false;
        fitted = node.ToDictionary(p => p.Key, p => JsonSerializer.SerializeToElement(p.Value), StringComparer.Ordinal);
        return true;
    }
}
