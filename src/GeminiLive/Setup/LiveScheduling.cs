namespace VoiceGateway.GeminiLive;

/// <summary>When the model takes notice of the result of a non-blocking function.</summary>
public enum LiveScheduling
{
    /// <summary>Known, but not spoken about.</summary>
    Silent,

    /// <summary>Spoken about once the model is idle.</summary>
    WhenIdle,

    /// <summary>Spoken about at once, even in the middle of a sentence.</summary>
    Interrupt,
}
