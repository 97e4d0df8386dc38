namespace VoiceGateway.GeminiLive;

/// <summary>For the suggestion behind a word that is not in a list.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the least edits (Levenshtein), case ignored; the first of several.</summary>
    public static string Nearest(string word, IReadOnlyList<string> candidates) =>
        candidates.MinBy(candidate => Edits(word.ToLowerInvariant(), candidate.ToLowerInvariant()))!;

    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
