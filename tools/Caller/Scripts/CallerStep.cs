namespace VoiceGateway.Caller;

/// <summary>One thing that the caller does. Steps run one after the other; the call is hung up after the last.</summary>
public abstract record CallerStep;
