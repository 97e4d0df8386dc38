namespace VoiceGateway.Media;

/// <summary>Where the caller's voice goes. Called on the clock thread: must neither block nor keep the spans.</summary>
public interface IUplinkSink
{
    /// <summary>
    /// The caller's voice at the telephone's rate, gaps filled: for voice activity and the recording. What is changed here, in
    /// place, the model hears.
    /// </summary>
    void OnCallerPcm8kHz(Span<short> pcm);

    /// <summary>
    /// How loud what lies above 4 kHz of the same audio may be, right after <see cref="OnCallerPcm8kHz"/>: 1, or less where echo was taken
    /// out below.
    /// </summary>
    float HighBandGain => 1;

    /// <summary>What the model hears, 20 ms of it.</summary>
    /// <param name="pcm16kHz">320 samples.</param>
    /// <param name="narrowband">The line has 8 kHz: the second of each two samples is one of its own, the first was put in between.</param>
    void OnUplinkFrame(ReadOnlySpan<short> pcm16kHz, bool narrowband);
}
