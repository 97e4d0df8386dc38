using System.Text.Json;

namespace VoiceGateway.Caller;

/// <summary>A JSON object of which every member is known.</summary>
internal sealed class ScriptObject
{
    private readonly ScriptValue _self;

    private ScriptObject(ScriptValue self) => _self = self;

    public static ScriptObject Of(ScriptValue value, string[] known)
    {
        if (!value.IsObject) throw value.Wrong("an object");
        foreach (var member in value.Json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw new ScriptFormatException(value.Where, $"\"{member.Name}\" is not known here; these are: {string.Join(", ", known)}");
        }
        return new ScriptObject(value);
    }

    public bool Has(string name) => _self.Json.TryGetProperty(name, out _);

    public ScriptValue? Optional(string name) =>
        _self.Json.TryGetProperty(name, out var value) ? new ScriptValue(value, $"{_self.Where}.{name}") : null;

    public ScriptValue Required(string name) =>
        Optional(name) ?? throw new ScriptFormatException(_self.Where, $"\"{name}\" is missing");

    public JsonElement Json => _self.Json;
}
