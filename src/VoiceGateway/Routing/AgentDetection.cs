namespace VoiceGateway.Routing;

public enum AgentDetection
{
    /// <summary>The server listens for speech.</summary>
    Automatic,

    /// <summary>The gateway's own detector marks the turns.</summary>
    Manual,
}
