using System.Runtime.CompilerServices;
using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>A filler as it is being played: where it is, and the fades at both ends. Its owner locks.</summary>
internal sealed class PlayoutFiller(short[] pcm24kHz, bool loop)
{
    private const int FadeSamples = 8 * 8;

    // Every call plays the same few recordings.
    private static readonly ConditionalWeakTable<short[], short[]> Prepared = [];

    private readonly short[] _pcm = Prepared.GetValue(pcm24kHz, static wide => Resampled(wide));
    private int _at;
    private int _begun;
    private int _fading;
    private bool _ending;

    public bool IsHeard => _begun > 0;

    /// <summary>Fades out in what is added next.</summary>
    /// <returns>True when nothing has been heard of it: there is nothing to fade.</returns>
    public bool End()
    {
        if (!_ending) (_ending, _fading) = (true, FadeSamples);
        return !IsHeard;
    }

    /// <returns>True when it is over.</returns>
    public bool AddTo(Span<short> frame)
    {
        for (var i = 0; i < frame.Length; i++)
        {
            if (_at == _pcm.Length)
            {
                if (!loop || _pcm.Length == 0) return true;
                _at = 0;
            }
            if (_begun < FadeSamples) _begun++;
            var gain = _begun / (float)FadeSamples;
            if (_ending)
            {
                if (_fading == 0) return true;
                gain *= --_fading / (float)FadeSamples;
            }
            frame[i] = (short)Math.Clamp(frame[i] + gain * _pcm[_at++], short.MinValue, short.MaxValue);
        }
        return _ending && _fading == 0;
    }

    private static short[] Resampled(short[] wide)
    {
        var resampler = Resampler.From24To8kHz();
        var pcm = new short[resampler.MaxOutputSamples(wide.Length)];
        return pcm[..resampler.Process(wide, pcm)];
    }
}
