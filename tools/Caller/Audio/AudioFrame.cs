namespace VoiceGateway.Caller;

/// <summary>The telephone leg's frame: 20 ms of 8 kHz audio, the default ptime of G.711 (RFC 3551, section 4.5).</summary>
internal static class AudioFrame
{
    public const int SampleRateHz = 8000;
    public const int Samples = 160;
    public const int Milliseconds = 20;

    /// <summary>On a wideband call: 16 kHz.</summary>
    public const int WideSamples = 2 * Samples;

    /// <summary>The largest frame a peer may send: 200 ms, which RFC 3551, section 4.2, asks receivers to accept.</summary>
    public const int MaxSamples = 1600;
}
