namespace VoiceGateway.LiveSimulator;

public enum FaultMomentKind
{
    Connect,
    Setup,
    After,
    Every,
    Turn,
}
