using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.LiveSimulator;

/// <summary>The one place where faults are read and written: <c>{"kind":"close","code":1011}</c>, or short, <c>"close:1011"</c>, with the kind's first setting after the colon.</summary>
internal static class FaultReader
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    public static Fault Parse(string text)
    {
        var isJson = text.AsSpan().TrimStart() is ['{' or '"', ..];
        return Read(isJson ? Node(text) : new ScenarioNode(JsonSerializer.SerializeToElement(text.Trim()), "$"));
    }

    /// <exception cref="ScenarioException">It is not JSON.</exception>
    public static ScenarioNode Node(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            return new ScenarioNode(document.RootElement.Clone(), "$");
        }
        catch (JsonException fault)
        {
            throw new ScenarioException($"line {fault.LineNumber + 1}: {fault.Message}");
        }
    }

    /// <param name="node">An object or a text.</param>
    /// <param name="besides">Members of the object that are not the fault's.</param>
    public static Fault Read(ScenarioNode node, params ReadOnlySpan<string> besides)
    {
        var fault = node.Element.ValueKind == JsonValueKind.String ? ReadShort(node) : ReadObject(node, besides);
        return fault.Complaint is { } complaint ? throw node.Fault(complaint) : fault;
    }

    public static string ToJson(Fault fault) => ToNode(fault).ToJsonString();

    public static JsonObject ToNode(Fault fault)
    {
        var kind = FaultKind.Of(fault);
        var json = new JsonObject { ["kind"] = kind.Name };
        foreach (var setting in kind.Settings)
            json[setting.Name] = Value(setting.ValueIn(fault));
        return json;
    }

    public static JsonNode Value(object setting) => setting switch
    {
        bool flag => flag,
        int number => number,
        double number => number,
        _ => (string)setting,
    };

    private static Fault ReadObject(ScenarioNode node, ReadOnlySpan<string> besides)
    {
        if (node.Element.ValueKind != JsonValueKind.Object)
            throw node.Fault("must be a fault: an object with its \"kind\", or a text like \"drop\" or \"close:1011\"");
        var kind = Find(node.Get("kind").Text(), node.Get("kind"));
        node.Only(["kind", .. kind.Settings.Select(static setting => setting.Name), .. besides]);
        var fault = kind.Create();
        foreach (var setting in kind.Settings)
        {
            if (node.Find(setting.Name) is { } value)
                setting.Set(fault, value);
        }

        return fault;
    }

    private static Fault ReadShort(ScenarioNode node)
    {
        var text = node.Text();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = Find(colon < 0 ? text : text[..colon], node);
        var fault = kind.Create();
        if (colon < 0)
            return fault;
        var setting = kind.Settings.Count > 0 ? kind.Settings[0] : throw node.Fault($"{kind} has no settings");
        var value = text[(colon + 1)..];
        // A number or a flag is written without quotes; everything else is a text.
        var json = setting.Default is string ? JsonSerializer.SerializeToElement(value) : Number(value, node, setting);
        setting.Set(fault, new ScenarioNode(json, $"{node.Path} ({setting.Name})"));
        return fault;
    }

    private static JsonElement Number(string value, ScenarioNode node, FaultSetting setting)
    {
        try
        {
            return JsonElement.Parse(value);
        }
        catch (JsonException)
        {
            throw node.Fault($"\"{value}\" is no {setting.Name}");
        }
    }

    private static FaultKind Find(string name, ScenarioNode place) =>
        FaultKind.Named(name) ?? throw place.Fault($"there is no fault \"{name}\"; known are {string.Join(", ", FaultKind.All)}");
}
