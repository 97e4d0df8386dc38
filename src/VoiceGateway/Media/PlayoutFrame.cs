namespace VoiceGateway.Media;

/// <summary>What the frame that playout hands to RTP carries.</summary>
public enum PlayoutFrame
{
    /// <summary>Nothing to say.</summary>
    Silence,

    /// <summary>The first frame of a talk spurt: RTP marker bit (RFC 3551 section 4.1).</summary>
    SpeechStart,

    Speech,

    /// <summary>The last of a talk spurt.</summary>
    SpeechEnd,

    /// <summary>The fade of what was cancelled: the last stale packet.</summary>
    Fade,

    /// <summary>The model's turn goes on, but its audio has not come in time.</summary>
    Underrun,

    /// <summary>Sound that stands in for speech while a tool runs.</summary>
    Filler,

    /// <summary>The tones of a key (DTMF), or the pause behind them; the agent's voice waits.</summary>
    Key,
}
