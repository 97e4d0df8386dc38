namespace VoiceGateway.GeminiLive;

/// <summary>Which form of <c>thinkingConfig</c> a model family takes.</summary>
public enum LiveThinkingSupport
{
    /// <summary>Any <c>thinkingConfig</c> closes the session (1007).</summary>
    None,
    Level,
    Budget,
}
