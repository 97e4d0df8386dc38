namespace VoiceGateway.Codecs.Tests;

/// <summary>How far what was heard is from what was said.</summary>
internal static class WordErrors
{
    /// <summary>Words left out, put in or taken for others: the least number of such changes (Levenshtein's distance over words).</summary>
    public static int Count(string said, string heard)
    {
        var (a, b) = (Words(said), Words(heard));
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }

    public static string[] Words(string text) => text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
