namespace VoiceGateway.Turns;

/// <summary>How a conversation came to a stop. Names are stable: they are metric tags.</summary>
public enum StallCause
{
    /// <summary>The caller finished speaking, and nothing came.</summary>
    NoAnswer,

    /// <summary>The gateway itself asked for something (a greeting, keyed digits, an idle prompt), and nothing came.</summary>
    AskedInVain,

    /// <summary>The model's turn was complete, and had no audio.</summary>
    TurnWithoutAudio,

    /// <summary>Audio stopped in the middle of a generation, or the transcript in the middle of a sentence.</summary>
    SentenceCutShort,

    /// <summary>A tool was answered, and the model said nothing to it.</summary>
    DeafAfterTool,

    /// <summary>The model said <c>interrupted</c>, and then either spoke on or never spoke again.</summary>
    InterruptedWithoutEffect,
}
