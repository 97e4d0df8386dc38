namespace VoiceGateway.LiveSimulator;

/// <summary>The recorded sentences of the simulated agent: 24 kHz mono. Tests compare what a caller heard with these.</summary>
public static class AgentVoice
{
    public static IReadOnlyList<RecordedLine> Lines => VoiceLibrary.Lines;
}
