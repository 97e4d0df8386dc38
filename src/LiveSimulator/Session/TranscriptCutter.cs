namespace VoiceGateway.LiveSimulator;

/// <summary>Cuts a sentence into the fragments of one to four words in which transcripts come; joined as they are they give the sentence.</summary>
internal static class TranscriptCutter
{
    public static List<string> Cut(string text, Random random)
    {
        var fragments = new List<string>();
        var start = 0;
        while (start < text.Length)
        {
            var end = start;
            for (var words = random.Next(1, 5); words > 0 && end < text.Length; words--)
            {
                var space = text.IndexOf(' ', Math.Min(end + 1, text.Length));
                end = space < 0 ? text.Length : space;
            }

            fragments.Add(text[start..end]);
            start = end;
        }

        return fragments;
    }
}
