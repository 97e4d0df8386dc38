namespace VoiceGateway.LiveSimulator;

public enum TranscriptDisorder
{
    /// <summary>Each fragment comes twice.</summary>
    Duplicated,

    /// <summary>Every two fragments change places.</summary>
    OutOfOrder,

    /// <summary>All fragments come after <c>turnComplete</c>.</summary>
    Late,

    Missing,
}
