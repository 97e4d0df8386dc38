namespace VoiceGateway.Routing;

public enum AgentCoverage
{
    OnlyActivity,
    AllInput,
}
