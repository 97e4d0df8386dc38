using VoiceGateway.GeminiLive;
using VoiceGateway.Records;

namespace VoiceGateway.Calls;

/// <summary>The server's counts as cells of a table, direction by modality.</summary>
internal static class UsageCells
{
    public const string Prompt = "prompt";
    public const string Response = "response";
    public const string Thoughts = "thoughts";
    public const string ToolUse = "tool_use";
    public const string Cached = "cached";

    public const string Text = "TEXT";
    public const string Audio = "AUDIO";
    public const string Image = "IMAGE";
    public const string Video = "VIDEO";
    public const string Document = "DOCUMENT";
    public const string Unspecified = "UNSPECIFIED";
    public const string Other = "OTHER";

    // A turn has at most 131,072 tokens of context; what is far beyond is a fault of the sender's.
    private const long MostTokens = 1_000_000_000;
    private const int LongestName = 24;

    /// <summary>
    /// What the details do not cover goes to <see cref="Unspecified"/>: the sums are the server's own. Its total is left out of
    /// account, for it has the thoughts of some models and not of others.
    /// </summary>
    public static List<TokenCount> Of(LiveUsage usage)
    {
        var cells = new List<TokenCount>(6);
        AddAll(cells, Prompt, usage.PromptTokens, usage.PromptDetails, Unspecified);
        AddAll(cells, Response, usage.ResponseTokens, usage.ResponseDetails, Unspecified);
        AddAll(cells, Thoughts, usage.ThoughtsTokens, [], Text);
        AddAll(cells, ToolUse, usage.ToolUsePromptTokens, usage.ToolUseDetails, Text);
        AddAll(cells, Cached, usage.CachedContentTokens, usage.CachedDetails, Unspecified);
        return cells;
    }

    /// <summary><paramref name="after"/> less <paramref name="before"/>; cells without change are left out.</summary>
    public static List<TokenCount> Difference(List<TokenCount> after, List<TokenCount> before)
    {
        if (before.Count == 0) return after;
        var cells = new List<TokenCount>(after);
        foreach (var cell in before) Add(cells, cell.Direction, cell.Modality, -cell.Tokens);
        cells.RemoveAll(static c => c.Tokens == 0);
        return cells;
    }

    public static void Add(List<TokenCount> cells, List<TokenCount> more)
    {
        foreach (var cell in more) Add(cells, cell.Direction, cell.Modality, cell.Tokens);
        cells.RemoveAll(static c => c.Tokens == 0);
    }

    /// <summary>As a metric's tag: from a closed list.</summary>
    public static string Tag(string modality) => modality is Text or Audio or Image or Video or Document or Unspecified ? modality : Other;

    private static void AddAll(List<TokenCount> cells, string direction, long count, IReadOnlyList<LiveModalityTokens> details, string rest)
    {
        long named = 0;
        for (var i = 0; i < details.Count; i++)
        {
            var (modality, tokens) = details[i];
            var some = Math.Clamp(tokens, 0, MostTokens);
            named += some;
            if (some > 0) Add(cells, direction, Name(modality), some);
        }
        if (Math.Clamp(count, 0, MostTokens) - named is > 0 and var unnamed) Add(cells, direction, rest, unnamed);
    }

    private static void Add(List<TokenCount> cells, string direction, string modality, long tokens)
    {
        for (var at = 0; at < cells.Count; at++)
        {
            if (cells[at].Direction != direction || cells[at].Modality != modality) continue;
            cells[at] = cells[at] with { Tokens = cells[at].Tokens + tokens };
            return;
        }
        cells.Add(new TokenCount(direction, modality, tokens));
    }

    // The list is open, but a name stays a name.
    private static string Name(string modality)
    {
        if (modality is Text or Audio) return modality;
        if (modality.Length == 0 || modality == "MODALITY_UNSPECIFIED") return Unspecified;
        return modality.Length <= LongestName && modality.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') ? modality.ToUpperInvariant() : Other;
    }
}
