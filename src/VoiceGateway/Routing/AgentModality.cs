namespace VoiceGateway.Routing;

public enum AgentModality
{
    Audio,

    /// <summary>Known so that it can be refused in words.</summary>
    Text,
}
