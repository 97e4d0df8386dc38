using System.Text.Json;
using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Understands what a program tells the model in words, as far as a script can: notes, which begin with <c>[system]</c> and are no turn
/// of the caller's; nudges, which ask for an answer that did not come; results of functions that were called on an earlier connection.
/// </summary>
internal static partial class Notes
{
    private static readonly char[] Brackets = ['{', '['];

    public static bool IsNote(string text) => text.AsSpan().TrimStart().StartsWith("[system]", StringComparison.OrdinalIgnoreCase);

    public static bool IsNudge(string text) => Nudge().IsMatch(text) && !Farewell().IsMatch(text);

    public static bool IsStop(string text) => IsNote(text) && Stop().IsMatch(text);

    /// <summary>The first note of a session usually asks for the greeting; one that forbids it does not.</summary>
    public static bool MayGreet(string text) => !NoGreeting().IsMatch(text);

    /// <summary>The results that the text tells of, by function: the last JSON value after its name, or else the words after it.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Results(string text, IEnumerable<string> functions)
    {
        var mentions = functions.Select(name => (Name: name, At: Mention(text, name))).Where(static each => each.At >= 0).OrderBy(static each => each.At).ToList();
        var results = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        for (var i = 0; i < mentions.Count; i++)
        {
            var start = mentions[i].At + mentions[i].Name.Length;
            var words = text[start..(i + 1 < mentions.Count ? mentions[i + 1].At : text.Length)];
            results[mentions[i].Name] = LastJson(words) ?? JsonSerializer.SerializeToElement(new { output = words.Trim(' ', ':', '.') });
        }

        return results;
    }

    private static int Mention(string text, string name) => Regex.Match(text, $@"(?<![\w.-]){Regex.Escape(name)}(?![\w-])", RegexOptions.CultureInvariant) is { Success: true } match ? match.Index : -1;

    private static JsonElement? LastJson(string text)
    {
        JsonElement? found = null;
        for (var i = text.IndexOfAny(Brackets); i >= 0; i = i < text.Length ? text.IndexOfAny(Brackets, i) : -1)
        {
            var utf8 = System.Text.Encoding.UTF8.GetBytes(text[i..]);
            var reader = new Utf8JsonReader(utf8);
            try
            {
                found = JsonElement.ParseValue(ref reader);
                i += System.Text.Encoding.UTF8.GetCharCount(utf8.AsSpan(0, (int)reader.BytesConsumed));
            }
            catch (JsonException)
            {
                i++;
            }
        }

        return found;
    }

    [GeneratedRegex(@"\b(still there|are you there|hear me|go on|continue|carry on|answer|repl(y|ied)|respond(ed)?|repeat|silen(t|ce)|waiting|finish|nothing|hello)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Nudge();

    [GeneratedRegex(@"\bstop\b[^.]*\blisten\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Stop();

    [GeneratedRegex(@"\bgood-?bye\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Farewell();

    [GeneratedRegex(@"\b(not|never|without|don't)\b[^.]*\bgreet", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoGreeting();
}
