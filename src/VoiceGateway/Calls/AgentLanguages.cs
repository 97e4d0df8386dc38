namespace VoiceGateway.Calls;

/// <summary>The languages that <c>speechConfig.languageCode</c> is documented to take.</summary>
public static class AgentLanguages
{
    public static IReadOnlyList<string> Codes { get; } =
    [
        "ar-XA", "bn-IN", "cmn-CN", "de-DE", "en-AU", "en-GB", "en-IN", "en-US", "es-ES", "es-US", "fr-CA", "fr-FR", "gu-IN", "hi-IN", "id-ID", "it-IT",
        "ja-JP", "kn-IN", "ko-KR", "ml-IN", "mr-IN", "nl-NL", "pl-PL", "pt-BR", "ru-RU", "sw-KE", "ta-IN", "te-IN", "th-TH", "tr-TR", "vi-VN",
    ];

    /// <summary>As the service writes it; a code that is not in the list stays as it is.</summary>
    public static string Canonical(string code) => Codes.FirstOrDefault(c => c.Equals(code, StringComparison.OrdinalIgnoreCase)) ?? code;
}
