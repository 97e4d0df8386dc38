namespace VoiceGateway.Routing;

/// <summary>What is written down. A record without transcripts says little, and a lost session can be replaced only with them.</summary>
public sealed record AgentTranscription
{
    /// <summary>The caller's words.</summary>
    public bool Input { get; init; } = true;

    /// <summary>The agent's words.</summary>
    public bool Output { get; init; } = true;
}
