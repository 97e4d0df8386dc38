namespace VoiceGateway.Codecs;

/// <summary>
/// Hears digits that are pressed on a telephone, in 8 kHz PCM of any chunk length, as ITU-T Q.24 wants them heard: tones of 40 ms and more, 1.5 % beside their
/// frequency, from 0 to -36 dBm0, the high tone from 8 dB weaker to 4 dB stronger, in noise 15 dB down. What is 20 ms
/// short, or 3.5 % beside, is none, and neither is speech. One instance a stream, one thread, nothing allocated after construction.
/// <code>
/// 5 ms ─▶ DtmfSpectrum (30 ms) ─▶ loud, two tones and little else, in tune, in balance? ─▶ twice running ─▶ digit
///                                                                                 └▶ not for 50 ms ─▶ its end
/// </code>
/// </summary>
public sealed class DtmfDetector
{
    // A tone of 20 ms fills two thirds of the window; noise 15 dB down leaves 97 %; speech rarely puts so much in two places.
    private const float LeastShare = 0.86f;

    // Half-way between what must be taken and what must not.
    private const float MostOffset = 0.025f;

    // A little beyond what must be taken: noise moves the measured level.
    private const double LeastDbm0 = -38.5;
    private const double MostTwistDb = 5.5;
    private const double LeastTwistDb = -9.5;

    // 35 ms of tone, which every tone of 40 ms has wherever it begins.
    private const int HopsToBegin = 2;

    // An interruption of 10 ms, or a lost packet of 20, is still the same press; a pause of 30 ms makes two of it.
    private const int HopsToEnd = 10;

    private static readonly float LeastEnergy = Energy(LeastDbm0);
    private static readonly float MostTwist = (float)Math.Pow(10, MostTwistDb / 10);
    private static readonly float LeastTwist = (float)Math.Pow(10, LeastTwistDb / 10);

    private readonly DtmfSpectrum _spectrum = new();
    private readonly float[] _hop = new float[DtmfSpectrum.HopSamples];
    private int _filled;
    private char? _candidate;
    private int _hits;
    private int _misses;

    /// <summary>The digit that sounds now; known 35 to 40 ms after it began, and for up to 60 ms after its end.</summary>
    public char? Digit { get; private set; }

    /// <summary>Takes the next samples in.</summary>
    /// <param name="pcm">8 kHz. In more than 40 ms there may begin more than one digit; the last is told.</param>
    /// <returns>The digit that was recognised in them; null while it goes on, and when there is none.</returns>
    public char? Process(ReadOnlySpan<short> pcm)
    {
        char? begun = null;
        while (!pcm.IsEmpty)
        {
            var take = Math.Min(pcm.Length, _hop.Length - _filled);
            VectorMath.ToSingle(pcm[..take], _hop.AsSpan(_filled));
            pcm = pcm[take..];
            _filled += take;
            if (_filled < _hop.Length) break;
            _filled = 0;
            _spectrum.Append(_hop);
            begun = Follow(Judge()) ?? begun;
        }
        return begun;
    }

    public void Reset()
    {
        _spectrum.Reset();
        (_filled, _hits, _misses) = (0, 0, 0);
        _candidate = Digit = null;
    }

    private char? Judge()
    {
        var energy = _spectrum.Energy;
        if (energy < 2 * LeastEnergy) return null;
        _spectrum.Measure(out var low, out var high);
        return low.Energy >= LeastEnergy && high.Energy >= LeastEnergy
            && low.Energy + high.Energy >= LeastShare * energy
            && high.Energy <= MostTwist * low.Energy && high.Energy >= LeastTwist * low.Energy
            && MathF.Abs(low.Offset) <= MostOffset && MathF.Abs(high.Offset) <= MostOffset
            ? DtmfTones.Digit(low.Index, high.Index) : null;
    }

    private char? Follow(char? heard)
    {
        _hits = heard is null ? 0 : heard == _candidate ? _hits + 1 : 1;
        _candidate = heard;
        if (heard is not null && heard == Digit)
        {
            _misses = 0;
            return null;
        }
        if (_hits >= HopsToBegin)
        {
            (Digit, _misses) = (heard, 0);
            return heard;
        }
        if (Digit is not null && ++_misses >= HopsToEnd) Digit = null;
        return null;
    }

    private static float Energy(double levelDbm0) =>
        (float)(Math.Pow(10, (levelDbm0 + DtmfTones.Dbm0InDbov) / 10) * 32768 * 32768 * DtmfSpectrum.Hops * DtmfSpectrum.HopSamples);
}
