namespace VoiceGateway.Codecs;

/// <summary>
/// Digits as tones (ITU-T Q.23), for a peer that takes no telephone-events. Each tone rises and falls in 2 ms and so does not click;
/// then there is a pause. One instance a stream, one thread, nothing allocated after construction.
/// </summary>
/// <remarks>
/// Q.24 asks receivers to take tones and pauses of 40 ms; the usual sender gives both more.
/// <code>
/// Start('5', 100, 80)   |╱‾‾‾‾‾‾‾‾ 770 + 1336 Hz ‾‾‾‾‾‾‾‾╲|_____ pause _____|
/// </code>
/// </remarks>
public sealed class DtmfGenerator
{
    private const int RampMs = 2;

    private readonly int _sampleRateHz;
    private readonly double _lowAmplitude;
    private readonly double _highAmplitude;
    private readonly int _rampSamples;
    private Oscillator _low;
    private Oscillator _high;
    private int _toneSamples;
    private int _totalSamples;
    private int _at;

    /// <param name="sampleRateHz">8000 or more.</param>
    /// <param name="levelDbm0">Of the low tone. The two together must stay below full scale: -3 with equal tones.</param>
    /// <param name="twistDb">How much louder the high tone is: lines take more off it.</param>
    public DtmfGenerator(int sampleRateHz, double levelDbm0 = -9, double twistDb = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRateHz, 8000);
        _sampleRateHz = sampleRateHz;
        (_lowAmplitude, _highAmplitude) = (Amplitude(levelDbm0), Amplitude(levelDbm0 + twistDb));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_lowAmplitude + _highAmplitude, short.MaxValue, nameof(levelDbm0));
        _rampSamples = RampMs * sampleRateHz / 1000;
    }

    /// <summary>A digit, or the pause after it, is not over yet.</summary>
    public bool IsActive => _at < _totalSamples;

    /// <summary>Begins a digit with the next sample; what was sounding ends.</summary>
    /// <param name="digit">0-9, *, #, A-D in either case.</param>
    /// <param name="toneMs">At least 40, or receivers need not take it.</param>
    /// <param name="pauseMs">Silence after it; at least 40 too.</param>
    /// <returns>False: there is no such digit, and nothing was changed.</returns>
    public bool Start(char digit, int toneMs = 100, int pauseMs = 80)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(toneMs, 2 * RampMs);
        ArgumentOutOfRangeException.ThrowIfNegative(pauseMs);
        if (!DtmfTones.TryGetFrequencies(digit, out var lowHz, out var highHz)) return false;
        _low = new Oscillator(_lowAmplitude, 2 * Math.PI * lowHz / _sampleRateHz);
        _high = new Oscillator(_highAmplitude, 2 * Math.PI * highHz / _sampleRateHz);
        _toneSamples = (int)((long)toneMs * _sampleRateHz / 1000);
        _totalSamples = _toneSamples + (int)((long)pauseMs * _sampleRateHz / 1000);
        _at = 0;
        return true;
    }

    /// <summary>The next samples of digit and pause, then silence.</summary>
    /// <returns>How many belong to the digit and its pause.</returns>
    public int Fill(Span<short> pcm)
    {
        var ours = Math.Min(pcm.Length, _totalSamples - _at);
        var tone = Math.Clamp(_toneSamples - _at, 0, ours);
        for (var i = 0; i < tone; i++, _at++)
        {
            var edge = Math.Min(_at, _toneSamples - 1 - _at);
            var ramp = edge >= _rampSamples ? 1 : (edge + 1.0) / (_rampSamples + 1);
            pcm[i] = (short)Math.Round(ramp * (_low.Next() + _high.Next()));
        }
        pcm[tone..].Clear();
        _at += ours - tone;
        return ours;
    }

    private static double Amplitude(double levelDbm0) => 32768 * Math.Sqrt(2) * Math.Pow(10, (levelDbm0 + DtmfTones.Dbm0InDbov) / 20);

    // y[n] = 2 cos(w) y[n-1] - y[n-2], from y[0] = 0.
    private struct Oscillator(double amplitude, double angle)
    {
        private readonly double _coefficient = 2 * Math.Cos(angle);
        private double _now;
        private double _previous = -amplitude * Math.Sin(angle);

        public double Next()
        {
            var y = _now;
            (_now, _previous) = (_coefficient * y - _previous, y);
            return y;
        }
    }
}
