using System.Globalization;
using System.Text;

namespace VoiceGateway.Routing;

/// <summary>
/// Makes a value from outside harmless in an instruction. A caller chooses the user part of their address, and often the name in a
/// customer table: neither may start a line, open a quotation or a variable, hide characters, or go on for long.
/// </summary>
public static class AgentValue
{
    private const int LongestNumber = 32;

    /// <summary>One line of at most <paramref name="longest"/> characters, without control and format characters, braces, angle brackets, backticks or double quotes.</summary>
    public static string Words(string value, int longest)
    {
        var line = new StringBuilder(Math.Min(value.Length, longest));
        var blank = false;
        foreach (var rune in value.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                blank = line.Length > 0;
                continue;
            }
            // Zero-width and direction marks are format characters.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
                || rune.Value is '{' or '}' or '<' or '>' or '`' or '"' or '\\') continue;
            if (line.Length + rune.Utf16SequenceLength + (blank ? 1 : 0) > longest) break;
            if (blank) line.Append(' ');
            blank = false;
            line.Append(rune.ToString());
        }
        return line.ToString();
    }

    /// <summary>A telephone number or an extension's name: no blanks, so that it cannot be a sentence. Empty when the caller withheld it.</summary>
    public static string Number(string value)
    {
        var kept = string.Concat(value.Where(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '*' or '#' or '-' or '_' or '.'));
        // RFC 3323 section 4.1.1.3 names a withheld caller "anonymous".
        return kept.ToLowerInvariant() is "anonymous" or "unknown" or "unavailable" or "restricted" ? ""
            : kept.Length > LongestNumber ? kept[..LongestNumber]
            : kept;
    }
}
