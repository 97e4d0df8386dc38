namespace VoiceGateway.Codecs;

/// <summary>
/// One stage of a voice's way, for instance a denoiser: give it to <see cref="LevelControl"/>, which puts it behind the high-pass and
/// before all gains. One instance a direction of a call; always called by one thread at a time.
/// </summary>
/// <remarks>
/// It runs on the audio path: it must not allocate, block or throw. A filter that works in frames of its own keeps what is left over, and gives
/// its output that much later.
/// </remarks>
public interface IVoiceFilter
{
    /// <param name="pcm">
    /// Mono, 10 ms or less, changed in place. Full scale is ±32768, which intermediate stages may exceed: the limiter comes last.
    /// </param>
    void Process(Span<float> pcm);
}
