namespace VoiceGateway.GeminiLive;

public enum LiveThinkingLevel
{
    Minimal,
    Low,
    Medium,
    High,
}
