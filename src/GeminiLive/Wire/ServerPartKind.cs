namespace VoiceGateway.GeminiLive;

internal enum ServerPartKind
{
    Audio,
    UnsupportedMedia,
    Text,
    Thought,
    ExecutableCode,
    CodeExecutionResult,
}
