using System.Text.RegularExpressions;

namespace VoiceGateway.Calls;

/// <summary>
/// What the model service says when it closes or refuses may quote what it was sent: an instruction with the caller's number in
/// it, a tool's answer. A log gets the words without the quotations; the call's record has them whole.
/// </summary>
internal static partial class ServerWords
{
    private const string Left = "…";

    /// <summary>Names of fields and models stay; values in quotes and numbers of five digits or more do not.</summary>
    public static string? Masked(string? text) => text is null ? null : Number().Replace(Value().Replace(text, $"\"{Left}\""), Left);

    // Unknown name "x" tells of a key; anything else in quotes may be a value. A quotation that the length of a close reason cut off has no end.
    [GeneratedRegex("(?<!Unknown name )(?<!Unknown name \"[^\"]*)\"[^\"]*(?:\"|$)")]
    private static partial Regex Value();

    [GeneratedRegex(@"\+?\d(?:[\s().\-/]?\d){4,}")]
    private static partial Regex Number();
}
