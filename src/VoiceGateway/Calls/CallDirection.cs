namespace VoiceGateway.Calls;

public enum CallDirection { Inbound, Outbound }
