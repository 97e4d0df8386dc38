namespace VoiceGateway.Routing;

public enum AgentRole
{
    User,
    Model,
}
