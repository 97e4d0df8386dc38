namespace VoiceGateway.Caller;

internal enum AgentChange { None, Started, Ended }
