using System.Text.Json;
using System.Text.RegularExpressions;
using VoiceGateway.Admin;

namespace VoiceGateway.IntegrationTests.Privacy;

/// <summary>Something that a log may not say. Looked for without regard to case, spaces and punctuation.</summary>
internal sealed partial record Secret(string What, string Text)
{
    private readonly string _words = Words(Text);

    public IEnumerable<string> In(IEnumerable<string> lines) =>
        lines.Where(line => line.Contains(Text, StringComparison.OrdinalIgnoreCase) || $" {Words(line)} ".Contains($" {_words} ", StringComparison.Ordinal));

    /// <summary>What was said, three words at a time, and what the tools were given and gave.</summary>
    public static IEnumerable<Secret> Of(CallView call)
    {
        foreach (var said in call.Transcript)
        {
            var words = Words(said.Text).Split(' ');
            for (var i = 0; i + 3 <= words.Length; i++) yield return new("transcript", string.Join(' ', words[i..(i + 3)]));
        }
        foreach (var tool in call.ToolCalls)
        {
            foreach (var value in Values(tool.Arguments)) yield return new("tool argument", value);
            foreach (var value in Values(tool.Result)) yield return new("tool result", value);
        }
    }

    // A number of one or two digits, true and false are in every log, and nobody's secret by themselves.
    private static IEnumerable<string> Values(JsonElement? json) => json switch
    {
        { ValueKind: JsonValueKind.Object } o => o.EnumerateObject().SelectMany(static p => Values(p.Value)),
        { ValueKind: JsonValueKind.Array } a => a.EnumerateArray().SelectMany(static e => Values(e)),
        { ValueKind: JsonValueKind.String or JsonValueKind.Number } value when value.ToString().Length > 2 => [value.ToString()],
        _ => [],
    };

    private static string Words(string text) => NoWord().Replace(text.ToLowerInvariant(), " ").Trim();

    [GeneratedRegex("[^a-z0-9']+")]
    private static partial Regex NoWord();
}
