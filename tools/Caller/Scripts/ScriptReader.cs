using System.Text.Json;

namespace VoiceGateway.Caller;

/// <summary>Reads the JSON form of a script: an array of steps, or an object with "steps" and "repeat".</summary>
internal static class ScriptReader
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static CallerScript Read(ReadOnlySpan<byte> json, string wavFolder)
    {
        using var document = Parse(json);
        var steps = new StepReader(new ClipSource(wavFolder));
        var root = new ScriptValue(document.RootElement, "script");
        if (!root.IsObject) return new CallerScript(Steps(new ScriptValue(root.Json, "steps"), steps));
        var script = root.Object("steps", "repeat");
        var list = script.Required("steps");
        return new CallerScript(Steps(list with { Where = "steps" }, steps)) { Repeat = script.Optional("repeat")?.Bool() ?? false };
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var bytes = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
            return JsonDocument.Parse(bytes.ToArray(), Lenient);
        }
        catch (JsonException e)
        {
            throw new ScriptFormatException($"line {e.LineNumber + 1}", "this is not JSON");
        }
    }

    private static List<CallerStep> Steps(ScriptValue list, StepReader reader)
    {
        if (list.Json.ValueKind != JsonValueKind.Array) throw list.Wrong("a list of steps");
        var steps = new List<CallerStep>();
        foreach (var step in list.Json.EnumerateArray())
        {
            if (steps.LastOrDefault() is HangUpStep) throw new ScriptFormatException($"{list.Where}[{steps.Count}]", "a step after hangUp");
            steps.Add(reader.Read(new ScriptValue(step, $"{list.Where}[{steps.Count}]")));
        }
        if (steps.Count == 0) throw new ScriptFormatException(list.Where, "there are none");
        return steps;
    }
}
