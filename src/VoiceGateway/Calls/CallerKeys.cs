using VoiceGateway.Codecs;

namespace VoiceGateway.Calls;

/// <summary>
/// Keys that the caller presses on a line without key events (RFC 4733): heard in the audio, and from then on kept from the model,
/// to which they are noise. Clock thread only; allocates with the first chunk it hears, and nothing after.
/// </summary>
internal sealed class CallerKeys
{
    // Our own keys come back from the line for as long as an echo takes (ITU-T G.131), and sound in the detector's window.
    private const int DeafMs = 400;
    private const int SamplesPerMs = 8;

    private DtmfDetector? _detector;
    private int _deafSamples;

    /// <summary>A key is down: what came with it has been taken out.</summary>
    public bool IsSounding => _detector is { Digit: not null };

    /// <summary>We send a key ourselves.</summary>
    public void Deafen()
    {
        _deafSamples = DeafMs * SamplesPerMs;
        _detector?.Reset();
    }

    /// <param name="pcm8kHz">40 ms or less; silenced while a key is down.</param>
    /// <returns>The key that was recognised in it.</returns>
    public char? Hear(Span<short> pcm8kHz)
    {
        if (_deafSamples > 0)
        {
            _deafSamples -= pcm8kHz.Length;
            return null;
        }
        var digit = (_detector ??= new DtmfDetector()).Process(pcm8kHz);
        if (IsSounding) pcm8kHz.Clear();
        return digit;
    }
}
