namespace VoiceGateway.Routing;

/// <summary>How many tokens an image costs.</summary>
public enum AgentMediaResolution
{
    Low,
    Medium,
    High,
}
