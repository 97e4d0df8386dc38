using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Fills <c>{{date:next-friday}}</c>, <c>{{result:booking.booking_id}}</c> and <c>{{text:1}}</c> in a scenario's texts and
/// arguments. A word after <c>|</c> stands in for a result that is not there. Dates are relative to today, so that a scenario is valid on every day.
/// </summary>
internal static partial class Placeholders
{
    private const int MostDays = 3660;

    public static string? FaultOf(string text)
    {
        foreach (Match placeholder in Placeholder().Matches(text))
        {
            var argument = placeholder.Groups["argument"].Value;
            var fine = placeholder.Groups["kind"].Value switch
            {
                "date" => DateOf(argument, new DateOnly(2000, 1, 1)) is not null,
                "result" => argument.Length > 0,
                "text" => argument.Length == 0 || int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out _),
                _ => false,
            };
            if (!fine)
                return $"{placeholder.Value} is not known; known are {{{{date:today}}}}, {{{{date:tomorrow}}}}, {{{{date:+3}}}}, {{{{date:next-friday}}}}, {{{{result:name.path}}}}, {{{{text}}}} and {{{{text:1}}}}";
        }

        return null;
    }

    public static string Fill(string text, ScenarioFacts facts) =>
        Placeholder().Replace(text, match => ValueOf(match, facts) switch
        {
            { ValueKind: JsonValueKind.String } words => words.GetString()!,
            { ValueKind: JsonValueKind.Undefined } => "",
            var other => other.GetRawText(),
        });

    /// <summary>Fills every text inside; a text that is one placeholder and nothing else takes on its value with its type.</summary>
    public static JsonElement Fill(JsonElement template, ScenarioFacts facts)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, template, facts);
        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement template, ScenarioFacts facts)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in template.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, facts);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in template.EnumerateArray())
                    Write(writer, item, facts);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                var text = template.GetString()!;
                var match = Placeholder().Match(text);
                if (match.Success && match.Length == text.Length && ValueOf(match, facts) is { ValueKind: not JsonValueKind.Undefined } value)
                    value.WriteTo(writer);
                else
                    writer.WriteStringValue(Fill(text, facts));
                break;
            default:
                template.WriteTo(writer);
                break;
        }
    }

    private static JsonElement ValueOf(Match placeholder, ScenarioFacts facts)
    {
        var argument = placeholder.Groups["argument"].Value;
        var value = placeholder.Groups["kind"].Value switch
        {
            "date" => AsJson(DateOf(argument, facts.Today)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            "text" => AsJson(facts.TextMatch?.Groups[argument.Length == 0 ? 0 : int.Parse(argument, CultureInfo.InvariantCulture)].Value ?? ""),
            _ => facts.Find(argument),
        };
        var hasDefault = placeholder.Groups["default"].Success;
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null && hasDefault ? AsJson(placeholder.Groups["default"].Value) : value;
    }

    private static JsonElement AsJson(string text) => JsonSerializer.SerializeToElement(text);

    private static DateOnly? DateOf(string word, DateOnly today)
    {
        if (word == "today")
            return today;
        if (word == "tomorrow")
            return today.AddDays(1);
        if (word.StartsWith('+') && int.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= MostDays)
            return today.AddDays(days);
        if (!word.StartsWith("next-", StringComparison.Ordinal) || !Enum.TryParse<DayOfWeek>(word.AsSpan(5), ignoreCase: true, out var weekday) || char.IsAsciiDigit(word[^1]))
            return null;

        // The coming one: from tomorrow to a week from today.
        var ahead = ((int)weekday - (int)today.DayOfWeek + 7) % 7;
        return today.AddDays(ahead == 0 ? 7 : ahead);
    }

    [GeneratedRegex(@"\{\{\s*(?<kind>[a-z]+)(?::(?<argument>[^}|]*?))?(?:\|(?<default>[^}]*))?\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
