namespace VoiceGateway.Calls;

public enum CallState { Ringing, Talking, Ending, Ended }
