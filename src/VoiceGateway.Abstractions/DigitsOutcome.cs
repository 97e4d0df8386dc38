namespace VoiceGateway.Abstractions;

/// <summary>How keys went to the other side.</summary>
public enum DigitsOutcome
{
    /// <summary>As RTP events (RFC 4733).</summary>
    AsEvents,

    /// <summary>As tones in the audio: the other side did not agree on events.</summary>
    AsTones,

    /// <summary>Not, or not all of them: the call is not up, or ended meanwhile.</summary>
    NotSent,
}
