namespace VoiceGateway.GeminiLive;

public enum LiveSensitivity
{
    Low,
    High,
}
