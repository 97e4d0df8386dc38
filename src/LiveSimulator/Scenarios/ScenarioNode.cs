using System.Globalization;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>A place in a scenario file that knows its own JSON path, so that every complaint can name it.</summary>
internal readonly struct ScenarioNode(JsonElement element, string path)
{
    private const double LongestMs = 24 * 3_600_000;

    public JsonElement Element { get; } = element;

    public string Path { get; } = path;

    public ScenarioException Fault(string what) => new($"{Path}: {what}");

    /// <summary>Demands an object with no other members than these.</summary>
    public ScenarioNode Only(params ReadOnlySpan<string> names)
    {
        Demand(JsonValueKind.Object, "an object");
        foreach (var member in Element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
                throw Fault($"unknown member \"{member.Name}\"; known are {string.Join(", ", names.ToArray())}");
        }

        return this;
    }

    public ScenarioNode? Find(string name) =>
        Element.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null ? new ScenarioNode(child, $"{Path}.{name}") : null;

    public ScenarioNode Get(string name) => Find(name) ?? throw Fault($"\"{name}\" is missing");

    public IEnumerable<ScenarioNode> Items()
    {
        Demand(JsonValueKind.Array, "a list");
        var path = Path;
        return Element.EnumerateArray().Select((item, index) => new ScenarioNode(item, $"{path}[{index}]"));
    }

    public string Text()
    {
        Demand(JsonValueKind.String, "a text");
        return Element.GetString()!;
    }

    public string NonEmptyText() => Text() is { Length: > 0 } text ? text : throw Fault("must not be empty");

    public bool Flag() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? Element.GetBoolean()
        : throw Fault("must be true or false");

    public double Number(double least, double most)
    {
        Demand(JsonValueKind.Number, "a number");
        var number = Element.GetDouble();
        return number >= least && number <= most ? number : throw Fault($"must be between {least} and {most}, not {Element.GetRawText()}");
    }

    public int Integer(int least, int most)
    {
        var number = Number(least, most);
        return number % 1 == 0 ? (int)number : throw Fault("must be a whole number");
    }

    public TimeSpan Milliseconds(int most) => TimeSpan.FromMilliseconds(Integer(0, most));

    /// <summary>A time with its unit, for example <c>500ms</c>, <c>1.5s</c> or <c>2m</c>; a day at most.</summary>
    public TimeSpan Duration()
    {
        Demand(JsonValueKind.String, "a time such as \"500ms\", \"10s\" or \"2m\"");
        var text = Text();
        var digits = text.TrimEnd('m', 's');
        var unitMs = text[digits.Length..] switch { "ms" => 1, "s" => 1000, "m" => 60_000, _ => 0 };
        return unitMs > 0 && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * unitMs <= LongestMs
            ? TimeSpan.FromMilliseconds(number * unitMs)
            : throw Fault($"must be a time such as \"500ms\", \"10s\" or \"2m\", not \"{text}\"");
    }

    public T Choice<T>()
        where T : struct, Enum => (T)Choice(typeof(T));

    public object Choice(Type type)
    {
        var names = Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).ToArray();
        var index = Array.IndexOf(names, Text());
        return index >= 0 ? Enum.GetValues(type).GetValue(index)! : throw Fault($"must be one of {string.Join(", ", names)}");
    }

    private void Demand(JsonValueKind kind, string what)
    {
        if (Element.ValueKind != kind)
            throw Fault($"must be {what}");
    }
}
