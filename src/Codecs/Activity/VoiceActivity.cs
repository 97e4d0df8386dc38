namespace VoiceGateway.Codecs;

/// <summary>What a chunk of sound changed.</summary>
public enum VoiceActivity
{
    Unchanged,
    SpeechStarted,
    SpeechEnded,
}
