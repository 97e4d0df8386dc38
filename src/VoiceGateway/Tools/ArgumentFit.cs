using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VoiceGateway.Tools;

/// <summary>One check of one set of arguments: walks schema and value side by side and collects what is wrong.</summary>
internal sealed class ArgumentFit(JsonElement root)
{
    // Arguments nest as deep as their schema does, and a schema may refer to itself.
    private const int MaxDepth = 32;
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public JsonObject? Object(JsonElement schema, JsonElement value, string path, int depth = 0)
    {
        var fitted = new JsonObject();
        var properties = PropertiesOf(schema);
        foreach (var given in value.EnumerateObject())
            FitProperty(given, properties, schema, value, fitted, path, depth);
        foreach (var name in Required(schema))
        {
            if (!fitted.ContainsKey(name) && !_problems.Exists(p => p.StartsWith(Join(path, name) + " ", StringComparison.Ordinal)))
                _problems.Add($"{Join(path, name)} is missing");
        }

        return _problems.Count == 0 ? fitted : null;
    }

    private void FitProperty(
        JsonProperty given, Dictionary<string, JsonElement> properties, JsonElement schema, JsonElement parent, JsonObject fitted, string path, int depth)
    {
        if (FindName(given.Name, properties, parent) is not { } name)
        {
            FitUnknown(given, properties, schema, fitted, path, depth);
            return;
        }

        // Null for an argument that may be left out means that it is left out.
        if (given.Value.ValueKind == JsonValueKind.Null && (!Required(schema).Contains(name) || !AllowsNull(properties[name])))
            return;
        fitted[name] = Value(properties[name], given.Value, Join(path, name), depth + 1);
    }

    private void FitUnknown(
        JsonProperty given, Dictionary<string, JsonElement> properties, JsonElement schema, JsonObject fitted, string path, int depth)
    {
        var additional = schema.TryGetProperty("additionalProperties", out var a) ? a : default;
        if (additional.ValueKind == JsonValueKind.Object)
            fitted[given.Name] = Value(additional, given.Value, Join(path, given.Name), depth + 1);
        else if (additional.ValueKind == JsonValueKind.True)
            fitted[given.Name] = Node(given.Value);
        else if (properties.Count == 0)
            _problems.Add($"there is no argument {Join(path, given.Name)}; the tool takes none");
        else
            _problems.Add($"there is no argument {Join(path, given.Name)}; the arguments are {string.Join(", ", properties.Keys)}");
    }

    private JsonNode? Value(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (depth > MaxDepth)
        {
            _problems.Add($"{path} is nested too deeply");
            return null;
        }

        schema = Resolve(schema);
        if (schema.ValueKind != JsonValueKind.Object)
            return Node(value);
        if (schema.TryGetProperty("anyOf", out var branches) || schema.TryGetProperty("oneOf", out branches))
            return AnyOf(branches, value, path, depth);

        var types = TypesOf(schema);
        var before = _problems.Count;
        var fitted = Typed(types, schema, value, path, depth);
        return _problems.Count > before ? null : InEnumeration(schema, fitted, value, path);
    }

    private JsonNode? Typed(string[] types, JsonElement schema, JsonElement value, string path, int depth)
    {
        if (types.Length == 0)
            return Node(value);

        // The value's own type first, so that nothing is bent that fits as it is.
        foreach (var type in types.Where(t => ArgumentCoercion.IsOfType(value, t)))
            return Checked(type, schema, value, path, depth);
        foreach (var type in types)
        {
            if (ArgumentCoercion.TryCoerce(value, type, out var coerced))
                return Checked(type, schema, coerced, path, depth);
        }

        _problems.Add(
            $"{path} must be {ArgumentWords.OneOf(Expected(schema, types))}; you sent {ArgumentWords.Describe(value)}");
        return null;
    }

    private JsonNode? Checked(string type, JsonElement schema, JsonElement value, string path, int depth)
    {
        switch (type)
        {
            case "object":
                var before = _problems.Count;
                var fitted = Object(schema, value, path, depth);
                return _problems.Count > before ? null : fitted;
            case "array":
                return Array(schema, value, path, depth);
            case "integer" or "number":
                Range(schema, value.GetDouble(), "minimum", "maximum", path, value.GetRawText(), "");
                return ArgumentCoercion.Number(value, type);
            case "string":
                CheckText(schema, value.GetString()!, path);
                return Node(value);
            default:
                return Node(value);
        }
    }

    private JsonArray Array(JsonElement schema, JsonElement value, string path, int depth)
    {
        Range(schema, value.GetArrayLength(), "minItems", "maxItems", path, $"{value.GetArrayLength()}", " entries");
        var fitted = new JsonArray();
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            fitted.Add(schema.TryGetProperty("items", out var items)
                ? Value(items, item, $"{path}[{index}]", depth + 1)
                : Node(item));
            index++;
        }

        return fitted;
    }

    private void CheckText(JsonElement schema, string text, string path)
    {
        Range(schema, text.Length, "minLength", "maxLength", path, $"{text.Length}", " characters");
        if (!schema.TryGetProperty("pattern", out var pattern) || pattern.GetString() is not { } expression)
            return;
        try
        {
            if (!Regex.IsMatch(text, expression, RegexOptions.CultureInvariant, PatternTimeout))
                _problems.Add($"{path} must match the pattern {expression}; you sent '{text}'");
        }
        catch (RegexMatchTimeoutException)
        {
            _problems.Add($"{path} could not be checked against the pattern {expression}: send something simpler");
        }
    }

    private void Range(JsonElement schema, double size, string least, string most, string path, string sent, string unit)
    {
        if (schema.TryGetProperty(least, out var min) && size < min.GetDouble())
            _problems.Add($"{path} must be at least {min.GetRawText()}{unit}; you sent {sent}");
        else if (schema.TryGetProperty(most, out var max) && size > max.GetDouble())
            _problems.Add($"{path} must be at most {max.GetRawText()}{unit}; you sent {sent}");
    }

    private JsonNode? InEnumeration(JsonElement schema, JsonNode? fitted, JsonElement value, string path)
    {
        JsonElement[] allowed;
        if (schema.TryGetProperty("enum", out var values))
            allowed = [.. values.EnumerateArray()];
        else if (schema.TryGetProperty("const", out var constant))
            allowed = [constant];
        else
            return fitted;
        foreach (var candidate in allowed)
        {
            if (JsonNode.DeepEquals(Node(candidate), fitted))
                return fitted;
        }

        if (fitted is JsonValue word && word.GetValueKind() == JsonValueKind.String)
        {
            var folded = Fold(word.GetValue<string>());
            foreach (var candidate in allowed)
            {
                if (candidate.ValueKind == JsonValueKind.String && Fold(candidate.GetString()!) == folded)
                    return Node(candidate);
            }
        }

        _problems.Add(
            $"{path} must be {ArgumentWords.OneOf(allowed.Where(a => a.ValueKind != JsonValueKind.Null).Select(ArgumentWords.Describe))}; you sent {ArgumentWords.Describe(value)}");
        return null;
    }

    private JsonNode? AnyOf(JsonElement branches, JsonElement value, string path, int depth)
    {
        List<string>? first = null;
        foreach (var branch in branches.EnumerateArray())
        {
            var attempt = new ArgumentFit(root);
            var fitted = attempt.Value(branch, value, path, depth + 1);
            if (attempt._problems.Count == 0)
                return fitted;
            first ??= attempt._problems;
        }

        _problems.AddRange(first ?? [$"{path} cannot take any value"]);
        return null;
    }

    // "#/$defs/Item" and "#/properties/a": the only references that an exporter writes are into the same document.
    private JsonElement Resolve(JsonElement schema)
    {
        for (var hops = 0; hops < MaxDepth && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference); hops++)
        {
            var target = root;
            foreach (var step in (reference.GetString() ?? "").TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(name, out target))
                    return default;
            }

            schema = target;
        }

        return schema;
    }

    private bool AllowsNull(JsonElement schema)
    {
        schema = Resolve(schema);
        if (schema.ValueKind != JsonValueKind.Object)
            return true;
        if (schema.TryGetProperty("anyOf", out var branches) || schema.TryGetProperty("oneOf", out branches))
            return branches.EnumerateArray().Any(AllowsNull);
        return TypesOf(schema) is var types && (types.Length == 0 || types.Contains("null"));
    }

    private static string? FindName(string given, Dictionary<string, JsonElement> properties, JsonElement parent)
    {
        if (properties.ContainsKey(given))
            return given;
        var folded = Fold(given);
        var name = properties.Keys.FirstOrDefault(p => Fold(p) == folded);
        return name is null || parent.TryGetProperty(name, out _) ? null : name;
    }

    private static IEnumerable<string> Expected(JsonElement schema, string[] types) =>
        schema.TryGetProperty("enum", out var values)
            ? values.EnumerateArray().Where(v => v.ValueKind != JsonValueKind.Null).Select(ArgumentWords.Describe)
            : types.Where(t => t != "null").Select(ArgumentWords.Kind);

    private static Dictionary<string, JsonElement> PropertiesOf(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var p) && p.ValueKind == JsonValueKind.Object
            ? p.EnumerateObject().ToDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal)
            : [];

    private static IEnumerable<string> Required(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("required", out var r) && r.ValueKind == JsonValueKind.Array
            ? r.EnumerateArray().Select(x => x.GetString()!)
            : [];

    private static string[] TypesOf(JsonElement schema) => schema.TryGetProperty("type", out var type)
        ? type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : [type.GetString()!]
        : [];

    private static string Fold(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static JsonNode? Node(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value),
    };
}
