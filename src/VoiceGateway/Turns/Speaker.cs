namespace VoiceGateway.Turns;

public enum Speaker { Caller, Agent }
