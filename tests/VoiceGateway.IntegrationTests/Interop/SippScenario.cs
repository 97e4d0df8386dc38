using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>
/// A scenario as sipp reads it. sipp knows no parts, and a dialog is mostly headers that are the same each time: therefore
/// a line <c>@within BYE 2</c> stands for <c>parts/within.txt</c> with <c>{1}</c> and <c>{2}</c> in it filled in; <c>{2:x}</c> is x where there
/// is no second word, <c>{*}</c> all of them, <c>{2*}</c> those from the second. <c>{name}</c> is what the test says.
/// </summary>
internal static partial class SippScenario
{
    /// <param name="name">Of a file in <c>tests/interop/sipp</c>, without <c>.xml</c>.</param>
    /// <param name="values">For names in braces: what sipp itself puts in no regular expression.</param>
    public static string Assemble(string name, IEnumerable<(string Name, string Value)> values)
    {
        var text = new StringBuilder();
        Expand(File.ReadAllText(PeerFiles.Sipp(name)), "", [], text);
        foreach (var (key, value) in values) text.Replace($"{{{key}}}", value);
        // For a run by hand.
        if (Environment.GetEnvironmentVariable("VOICEGATEWAY_KEEP_SCENARIOS") is { Length: > 0 } folder) File.WriteAllText(Path.Combine(folder, $"{name}.xml"), text.ToString());
        return text.ToString();
    }

    private static void Expand(string source, string indent, string[] words, StringBuilder text)
    {
        foreach (var line in source.TrimEnd('\n').Split('\n'))
        {
            var filled = Place().Replace(line, place => Word(place, words));
            if (Part().Match(filled) is { Success: true } part)
                Expand(File.ReadAllText(PeerFiles.SippPart(part.Groups["name"].Value)), indent + part.Groups["indent"].Value, part.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries), text);
            else
                text.Append(indent).Append(filled).Append('\n');
        }
    }

    private static string Word(Match place, string[] words)
    {
        var first = place.Groups["first"] is { Length: > 0 } number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : 1;
        if (place.Groups["rest"].Success) return string.Join(' ', words.Skip(first - 1));
        return first <= words.Length ? words[first - 1] : place.Groups["otherwise"].Value;
    }

    [GeneratedRegex(@"^(?<indent>\s*)@(?<name>[a-z-]+)(?<words>.*)$")]
    private static partial Regex Part();

    [GeneratedRegex(@"\{(?<first>\d*)(?<rest>\*)\}|\{(?<first>\d)(:(?<otherwise>[^}]*))?\}")]
    private static partial Regex Place();
}
