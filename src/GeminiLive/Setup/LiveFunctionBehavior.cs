namespace VoiceGateway.GeminiLive;

/// <summary>Whether the model goes on talking while a function runs.</summary>
public enum LiveFunctionBehavior
{
    Blocking,
    NonBlocking,
}
