using System.Text.RegularExpressions;

namespace VoiceGateway.Routing;

/// <summary>
/// A text with call variables: <c>{{caller}}</c>, or <c>{{customer.name|a new guest}}</c> with words for when there is no value.
/// A double brace is always one; a single brace is a brace.
/// </summary>
public sealed partial class AgentText
{
    /// <summary>Besides <c>customer.FIELD</c> and <c>header.NAME</c>.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["caller", "callerName", "called", "divertedFrom", "trunk", "time", "date", "weekday", "agent", "customer"];

    private readonly string _text;
    private readonly MatchCollection _uses;

    public AgentText(string text)
    {
        _text = text;
        _uses = Use().Matches(text);
    }

    /// <summary>Whether the customer is spoken of: nobody need be looked up otherwise.</summary>
    public bool NamesCustomer => _uses.Any(static u => IsCustomer(u.Groups["name"].Value));

    /// <summary>The first thing that is no variable, as it is written; null when all are.</summary>
    public string? FindUnknown()
    {
        var position = 0;
        foreach (Match use in _uses)
        {
            if (FindStray(position, use.Index) is { } stray) return stray;
            if (!IsKnown(use.Groups["name"].Value)) return use.Value;
            position = use.Index + use.Length;
        }
        return FindStray(position, _text.Length);
    }

    /// <param name="value">The value of a variable, already safe to show to a model; null or empty: the words behind the bar, or "unknown".</param>
    public string Fill(Func<string, string?> value) => Use().Replace(_text, use =>
        value(use.Groups["name"].Value) is { Length: > 0 } known ? known
        : use.Groups["otherwise"].Success ? use.Groups["otherwise"].Value.Trim()
        : "unknown");

    private static bool IsKnown(string name) => Variables.Contains(name) || IsCustomer(name) || name.StartsWith("header.", StringComparison.Ordinal);

    private static bool IsCustomer(string name) => name == "customer" || name.StartsWith("customer.", StringComparison.Ordinal);

    private string? FindStray(int from, int to)
    {
        var at = _text.IndexOf("{{", from, to - from, StringComparison.Ordinal);
        return at < 0 ? null : _text.Substring(at, Math.Min(24, to - at)).ReplaceLineEndings(" ");
    }

    [GeneratedRegex(@"\{\{\s*(?<name>[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*)\s*(\|(?<otherwise>[^{}]*))?\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Use();
}
