using System.Runtime.CompilerServices;
using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>A filler as it is being played: where it is, and the fades at both ends. Its owner locks.</summary>
internal sealed class PlayoutFiller
{
    private const int FadeMs = 8;

    // Every call plays the same few recordings.
    private static readonly ConditionalWeakTable<short[], short[]> Prepared8kHz = [];
    private static readonly ConditionalWeakTable<short[], short[]> Prepared16kHz = [];

    private readonly short[] _pcm24kHz;
    private readonly bool _loop;
    private short[] _pcm;
    private int _rateHz;
    private int _fadeSamples;
    private int _at;
    private int _begun;
    private int _fading;
    private bool _ending;

    public PlayoutFiller(short[] pcm24kHz, bool loop, int sampleRateHz)
    {
        (_pcm24kHz, _loop, _rateHz) = (pcm24kHz, loop, sampleRateHz);
        (_pcm, _fadeSamples) = (At(sampleRateHz), sampleRateHz * FadeMs / 1000);
    }

    public bool IsHeard => _begun > 0;

    /// <summary>Makes ready what <see cref="ChangeRate"/> needs; the first time for a recording it takes a while. Any thread, and no lock is needed.</summary>
    public void Prepare(int sampleRateHz) => At(sampleRateHz);

    /// <summary>Goes on from where it is, on a line of another rate.</summary>
    public void ChangeRate(int sampleRateHz)
    {
        (_at, _begun, _fading) = (Scaled(_at), Scaled(_begun), Scaled(_fading));
        (_pcm, _fadeSamples, _rateHz) = (At(sampleRateHz), sampleRateHz * FadeMs / 1000, sampleRateHz);
        _at = Math.Min(_at, _pcm.Length);

        int Scaled(int samples) => (int)((long)samples * sampleRateHz / _rateHz);
    }

    /// <summary>Fades out in what is added next.</summary>
    /// <returns>True when nothing has been heard of it: there is nothing to fade.</returns>
    public bool End()
    {
        if (!_ending) (_ending, _fading) = (true, _fadeSamples);
        return !IsHeard;
    }

    /// <returns>True when it is over.</returns>
    public bool AddTo(Span<short> frame)
    {
        for (var i = 0; i < frame.Length; i++)
        {
            if (_at == _pcm.Length)
            {
                if (!_loop || _pcm.Length == 0) return true;
                _at = 0;
            }
            if (_begun < _fadeSamples) _begun++;
            var gain = _begun / (float)_fadeSamples;
            if (_ending)
            {
                if (_fading == 0) return true;
                gain *= --_fading / (float)_fadeSamples;
            }
            frame[i] = (short)Math.Clamp(frame[i] + gain * _pcm[_at++], short.MinValue, short.MaxValue);
        }
        return _ending && _fading == 0;
    }

    private short[] At(int sampleRateHz) => sampleRateHz switch
    {
        8000 => Prepared8kHz.GetValue(_pcm24kHz, static pcm => Resampled(pcm, Resampler.From24To8kHz())),
        16000 => Prepared16kHz.GetValue(_pcm24kHz, static pcm => Resampled(pcm, Resampler.From24To16kHz())),
        _ => _pcm24kHz,
    };

    private static short[] Resampled(short[] pcm24kHz, Resampler resampler)
    {
        var pcm = new short[resampler.MaxOutputSamples(pcm24kHz.Length)];
        return pcm[..resampler.Process(pcm24kHz, pcm)];
    }
}
