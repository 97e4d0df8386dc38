namespace VoiceGateway.GeminiLive;

/// <summary>
/// The languages of the Live API, by BCP-47 tag. The service documents plain language tags; of the tags with a region,
/// <see cref="Regional"/> are those it has listed, and others of the same languages are let through.
/// </summary>
public static class LiveLanguages
{
    /// <summary>Without a region.</summary>
    public static IReadOnlyList<string> Plain { get; } =
    [
        "af", "ak", "am", "ar", "as", "az", "be", "bg", "bn", "bs", "ca", "ceb", "cs", "cy", "da", "de", "el", "en", "es",
        "et", "eu", "fa", "fi", "fil", "fo", "fr", "fy", "ga", "gl", "gu", "ha", "hi", "hr", "hu", "hy", "id", "is", "it",
        "iw", "ja", "ka", "kk", "km", "kn", "ko", "ku", "ky", "lo", "lt", "lv", "mi", "mk", "ml", "mn", "mr", "ms", "mt",
        "my", "ne", "nl", "no", "om", "or", "pa", "pl", "ps", "pt", "qu", "rm", "ro", "ru", "rw", "sd", "si", "sk", "sl",
        "so", "sq", "sr", "st", "sv", "sw", "ta", "te", "tg", "th", "tk", "tn", "tr", "uk", "ur", "uz", "vi", "wo", "yo",
        "zh", "zu",
    ];

    public static IReadOnlyList<string> Regional { get; } =
    [
        "ar-EG", "ar-XA", "bn-BD", "bn-IN", "cmn-CN", "de-DE", "en-AU", "en-GB", "en-IN", "en-US", "es-ES", "es-US",
        "fr-CA", "fr-FR", "gu-IN", "hi-IN", "id-ID", "it-IT", "ja-JP", "kn-IN", "ko-KR", "ml-IN", "mr-IN", "nl-NL",
        "pl-PL", "pt-BR", "ro-RO", "ru-RU", "ta-IN", "te-IN", "th-TH", "tr-TR", "uk-UA", "vi-VN",
    ];

    // Other names of what is in the table: today's code for Hebrew, both written forms of Norwegian, Mandarin.
    private static readonly string[] Synonyms = ["he", "nb", "nn", "cmn"];

    /// <summary>Whether the tag is well formed (language, script, region; RFC 5646 2.1) and its language is in the table. Case is ignored.</summary>
    public static bool IsSupported(string tag) => Canonical(tag) is not null;

    /// <summary>The tag in the usual case (<c>de-DE</c>, <c>zh-Hant-TW</c>); null when it is not supported.</summary>
    public static string? Canonical(string tag)
    {
        string[] parts = tag.Split('-');
        if (parts.Length > 3 || !parts.All(part => part.Length > 0 && part.All(char.IsAsciiLetterOrDigit))) return null;

        string language = parts[0].ToLowerInvariant();
        if (!Plain.Contains(language) && !Synonyms.Contains(language)) return null;

        int next = 1;
        string result = language;
        if (next < parts.Length && parts[next].Length == 4 && parts[next].All(char.IsAsciiLetter))
            result += "-" + char.ToUpperInvariant(parts[next][0]) + parts[next++][1..].ToLowerInvariant();
        if (next < parts.Length && IsRegion(parts[next]))
            result += "-" + parts[next++].ToUpperInvariant();
        return next == parts.Length ? result : null;
    }

    public static string Nearest(string tag) => Spelling.Nearest(tag.Replace('_', '-'), [.. Regional, .. Plain]);

    private static bool IsRegion(string part) =>
        (part.Length == 2 && part.All(char.IsAsciiLetter)) || (part.Length == 3 && part.All(char.IsAsciiDigit));
}
