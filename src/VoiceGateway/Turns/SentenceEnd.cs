using System.Globalization;

namespace VoiceGateway.Turns;

/// <summary>
/// Did the transcript stop at the end of a sentence? Only a hint: some languages write no such mark, and some transcribers
/// none at all, so it counts in a call that has shown one before.
/// </summary>
internal sealed class SentenceEnd
{
    private bool _marksAreWritten;
    private bool _open;

    /// <summary>The last words stand in the middle of a sentence.</summary>
    public bool IsMissing => _open && _marksAreWritten;

    public void Add(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd();
        if (text.Length == 0) return;
        _open = !Ends(text[^1]);
        _marksAreWritten |= !_open;
    }

    private static bool Ends(char last) => last switch
    {
        ',' or ';' or ':' or '-' or '–' or '—' or '、' or '،' or '，' => false,
        _ => char.GetUnicodeCategory(last) is UnicodeCategory.OtherPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.FinalQuotePunctuation,
    };
}
