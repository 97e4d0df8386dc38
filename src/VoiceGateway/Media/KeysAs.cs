namespace VoiceGateway.Media;

/// <summary>In which form keys are sent.</summary>
public enum KeysAs
{
    /// <summary>RTP events (RFC 4733).</summary>
    Events,

    /// <summary>Tones in the audio (ITU-T Q.23).</summary>
    Tones,
}
