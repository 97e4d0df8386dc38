namespace VoiceGateway.LiveSimulator;

/// <summary>The demonstration caller's lines for the built-in scenario <c>book-a-table</c>, in the order in which they are spoken: 8 kHz mono.</summary>
public static class CallerVoice
{
    public static IReadOnlyList<RecordedLine> Lines { get; } = RecordedLine.List("caller");
}
