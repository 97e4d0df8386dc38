using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>Reads protobuf's JSON mapping, in which a field may be written lowerCamelCase or by its original snake_case name, and null means absent.</summary>
internal static class ProtoJson
{
    private static readonly ConcurrentDictionary<string, string> SnakeNames = new(StringComparer.Ordinal);

    public static string SnakeCase(string camelName) => SnakeNames.GetOrAdd(camelName, static name =>
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter))
                snake.Append('_').Append(char.ToLowerInvariant(letter));
            else
                snake.Append(letter);
        }

        return snake.ToString();
    });

    public static bool TryGet(this JsonElement message, string camelName, out JsonElement value)
    {
        value = default;
        return message.ValueKind == JsonValueKind.Object
            && (message.TryGetProperty(camelName, out value) || message.TryGetProperty(SnakeCase(camelName), out value))
            && value.ValueKind != JsonValueKind.Null;
    }

    public static string? Text(this JsonElement message, string camelName) =>
        message.TryGet(camelName, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Flag(this JsonElement message, string camelName) =>
        message.TryGet(camelName, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>An integer, which protobuf's JSON may also write as a string.</summary>
    public static int? Integer(this JsonElement message, string camelName)
    {
        if (!message.TryGet(camelName, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number))
            return (int)Math.Clamp(number, int.MinValue, int.MaxValue);
        return int.TryParse(value.GetString(), out var parsed) ? parsed : null;
    }

    public static IEnumerable<JsonElement> List(this JsonElement message, string camelName) =>
        message.TryGet(camelName, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
