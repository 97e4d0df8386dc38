namespace VoiceGateway.GeminiLive;

/// <summary>The prebuilt voices.</summary>
public static class LiveVoices
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Achernar", "Achird", "Algenib", "Algieba", "Alnilam", "Aoede", "Autonoe", "Callirrhoe", "Charon", "Despina",
        "Enceladus", "Erinome", "Fenrir", "Gacrux", "Iapetus", "Kore", "Laomedeia", "Leda", "Orus", "Puck",
        "Pulcherrima", "Rasalgethi", "Sadachbia", "Sadaltager", "Schedar", "Sulafat", "Umbriel", "Vindemiatrix",
        "Zephyr", "Zubenelgenubi",
    ];

    /// <summary>The voice as the service spells it, whatever the case of <paramref name="name"/>; null when it is not known here.</summary>
    public static string? Find(string name) => All.FirstOrDefault(voice => voice.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A letter, then letters, digits, dash and underscore.</summary>
    public static bool IsWellFormed(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public static string Nearest(string name) => Spelling.Nearest(name, All);
}
