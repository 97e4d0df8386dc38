using System.Text.Json;

namespace VoiceGateway.Tools;

/// <summary>Says in plain words what an argument is and what it should be.</summary>
internal static class ArgumentWords
{
    private const int LongestQuote = 60;

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Quote(value.GetString()!),
        JsonValueKind.Null or JsonValueKind.Undefined => "nothing",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => value.GetRawText(),
    };

    public static string Kind(string type) => type switch
    {
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "string" => "a text",
        "array" => "a list",
        "object" => "an object",
        "null" => "left out",
        _ => type,
    };

    public static string OneOf(IEnumerable<string> words) => string.Join(", ", words) is var list && list.LastIndexOf(", ", StringComparison.Ordinal) is > 0 and var last
        ? $"{list[..last]} or {list[(last + 2)..]}"
        : list;

    private static string Quote(string text) => $"'{(text.Length <= LongestQuote ? text : text[..LongestQuote] + "…")}'";
}
