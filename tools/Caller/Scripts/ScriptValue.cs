using System.Text.Json;

namespace VoiceGateway.Caller;

/// <summary>A JSON value together with where it stands, so that every error can say so.</summary>
internal readonly record struct ScriptValue(JsonElement Json, string Where)
{
    public string String() => Json.ValueKind == JsonValueKind.String ? Json.GetString()! : throw Wrong("text");

    public TimeSpan Duration() =>
        Json.ValueKind == JsonValueKind.String && DurationText.TryParse(Json.GetString(), out var duration) ? duration : throw Wrong(DurationText.Expected);

    public double Number() => Json.ValueKind == JsonValueKind.Number ? Json.GetDouble() : throw Wrong("a number");

    public bool Bool() => Json.ValueKind is JsonValueKind.True or JsonValueKind.False ? Json.GetBoolean() : throw Wrong("true or false");

    public void MustBeTrue()
    {
        if (Json.ValueKind != JsonValueKind.True) throw Wrong("true");
    }

    public bool IsObject => Json.ValueKind == JsonValueKind.Object;

    /// <summary>The object's members, once it is sure that each of them is known.</summary>
    public ScriptObject Object(params string[] known) => ScriptObject.Of(this, known);

    public ScriptFormatException Wrong(string expected) => new(Where, $"{Shown()} is not {expected}");

    private string Shown()
    {
        var raw = Json.GetRawText();
        return raw.Length <= 40 ? raw : raw[..40] + "…";
    }
}
