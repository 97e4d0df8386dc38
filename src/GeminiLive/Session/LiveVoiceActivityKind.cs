namespace VoiceGateway.GeminiLive;

public enum LiveVoiceActivityKind
{
    Unknown,
    Started,
    Ended,
}
