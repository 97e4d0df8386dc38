using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>A message with named fields; each may be written in lowerCamelCase or snake_case.</summary>
internal sealed class RecordShape : MessageShape
{
    private readonly Dictionary<string, (string SnakeName, MessageShape Shape)> _fields = new(StringComparer.Ordinal);

    public RecordShape(params (string CamelName, MessageShape Shape)[] fields)
    {
        foreach (var (name, shape) in fields)
            Add(name, shape);
    }

    /// <summary>Adds a field afterwards, which lets a shape contain itself.</summary>
    public RecordShape Add(string camelName, MessageShape shape)
    {
        var snakeName = ProtoJson.SnakeCase(camelName);
        _fields[camelName] = (snakeName, shape);
        _fields[snakeName] = (snakeName, shape);
        return this;
    }

    public override string? FaultOf(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return Wrong(path, "TYPE_MESSAGE", value);
        foreach (var member in value.EnumerateObject())
        {
            if (!_fields.TryGetValue(member.Name, out var field))
                return $"Invalid JSON payload received. Unknown name \"{member.Name}\" at '{path}': Cannot find field.";
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (field.Shape.FaultOf(member.Value, path.Length == 0 ? field.SnakeName : $"{path}.{field.SnakeName}") is { } fault)
                return fault;
        }

        return null;
    }
}
