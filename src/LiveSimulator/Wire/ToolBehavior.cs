namespace VoiceGateway.LiveSimulator;

internal enum ToolBehavior
{
    Blocking,
    NonBlocking,
}
