namespace VoiceGateway.Codecs;

/// <summary>
/// What silence sounds like while the other side sends none (RFC 3389): white noise through the all-pole filter that the last
/// payload described, at its level. One instance a stream; nothing is allocated after it is made.
/// <code>white noise ─▶ gain ─▶ lattice 1/A(z) of the reflection coefficients ─▶ PCM</code>
/// </summary>
public sealed class ComfortNoise
{
    // Higher coefficients may be left out (section 3); ten are what ITU-T G.711 Appendix II sends.
    private const int MaxOrder = 12;

    // Section 3.1: 0 dBov is a square wave with this amplitude, the overload point of the u-law, in 16 bits.
    private const float OverloadPoint = 8031 * 4;

    // Nothing louder is background; a wrong byte must not deafen.
    private const int LoudestDbov = -30;

    // Uniform noise between -1 and 1 has a mean square of a third.
    private const float UniformToUnitPower = 1.7320508f;

    private readonly float[] _reflection = new float[MaxOrder];
    private readonly float[] _backward = new float[MaxOrder + 1];
    private int _order;
    private float _gain;
    private uint _random = 0x9E3779B9;

    /// <summary>Level of the noise in dBov; -127 is silence.</summary>
    public int LevelDbov { get; private set; } = -127;

    /// <summary>Takes a payload: a byte of level, then any number of reflection coefficients. An empty one changes nothing.</summary>
    public void Update(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return;
        LevelDbov = Math.Min(LoudestDbov, -(payload[0] & 0x7F));
        _order = Math.Min(payload.Length - 1, MaxOrder);
        // What rang in one filter may roar in the next.
        _backward.AsSpan().Clear();
        var power = 1f;
        for (var i = 0; i < MaxOrder; i++)
        {
            _reflection[i] = i < _order ? Coefficient(payload[i + 1]) : 0;
            // The filter amplifies white noise by 1 / (1 - k²) for each coefficient.
            power *= 1 - _reflection[i] * _reflection[i];
        }
        _gain = LevelDbov <= -127 ? 0 : OverloadPoint * MathF.Pow(10, LevelDbov / 20f) * MathF.Sqrt(power) * UniformToUnitPower;
    }

    /// <summary>The next samples of the noise.</summary>
    public void Fill(Span<short> pcm)
    {
        for (var n = 0; n < pcm.Length; n++)
        {
            var forward = _gain * NextUniform();
            for (var i = _order - 1; i >= 0; i--)
            {
                forward -= _reflection[i] * _backward[i];
                _backward[i + 1] = _backward[i] + _reflection[i] * forward;
            }
            _backward[0] = forward;
            pcm[n] = (short)Math.Clamp(forward, short.MinValue, short.MaxValue);
        }
    }

    // Section 3.2: 258 (N - 127) in 1/32768 for N from 0 to 254. 255 is not used, and would be no stable filter.
    private static float Coefficient(byte quantized) => quantized == 255 ? 0 : 258 * (quantized - 127) / 32768f;

    // xorshift32: no audible period, and the same noise in every test.
    private float NextUniform()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return (int)_random / 2147483648f;
    }
}
