namespace VoiceGateway.Codecs;

/// <summary>
/// Keeps the part of the band that carries speech over a telephone: a Butterworth high-pass of order 6 at 250 Hz, which takes
/// 48 dB off 100 Hz hum and 84 dB off 50 Hz, and for wideband input a low-pass of order 2 at 3.8 kHz.
/// </summary>
internal sealed class SpeechBandFilter
{
    private const double HighPassHz = 250;
    private const double LowPassHz = 3800;

    // Below this the recursion would go on in denormal floats, which are many times slower.
    private const float Negligible = 1e-12f;

    // High-pass sections of order 2, each (1 - 2/z + 1/z^2) / (1 + a1/z + a2/z^2); the gains are applied once, at the entrance.
    private readonly float _gain;
    private readonly Poles _first;
    private readonly Poles _second;
    private readonly Poles _third;
    private readonly Poles _lowPass;
    private readonly float _lowPassGain;
    private readonly (float Z1, float Z2)[] _state = new (float, float)[4];

    public SpeechBandFilter(int sampleRateHz)
    {
        // Quality factors of a Butterworth filter of order 6: 1 / (2 cos(k * 15 degrees)), k = 1, 3, 5.
        _first = Poles.At(HighPassHz / sampleRateHz, 0.5 / Math.Cos(Math.PI / 12), out var gain1, out _);
        _second = Poles.At(HighPassHz / sampleRateHz, 0.5 / Math.Cos(Math.PI / 4), out var gain2, out _);
        _third = Poles.At(HighPassHz / sampleRateHz, 0.5 / Math.Cos(5 * Math.PI / 12), out var gain3, out _);
        // Samples come in as int16.
        _gain = (float)(gain1 * gain2 * gain3 / 32768);

        if (sampleRateHz > 2.5 * LowPassHz)
        {
            _lowPass = Poles.At(LowPassHz / sampleRateHz, Math.Sqrt(0.5), out _, out var lowPassGain);
            _lowPassGain = (float)lowPassGain;
        }
    }

    /// <summary>In place; from the int16 range to -1..1.</summary>
    public void Process(Span<float> samples)
    {
        // A recursion waits for itself; three of them side by side in one loop wait at the same time.
        // Direct form II transposed: y leaves as soon as x is in.
        var ((p1, p2), (q1, q2), (r1, r2)) = (_state[0], _state[1], _state[2]);
        var (first, second, third, gain) = (_first, _second, _third, _gain);
        for (var n = 0; n < samples.Length; n++)
        {
            var x = samples[n] * gain;
            var y = x + p1;
            p1 = (p2 - 2 * x) - first.A1 * y;
            p2 = x - first.A2 * y;

            x = y;
            y = x + q1;
            q1 = (q2 - 2 * x) - second.A1 * y;
            q2 = x - second.A2 * y;

            x = y;
            y = x + r1;
            r1 = (r2 - 2 * x) - third.A1 * y;
            r2 = x - third.A2 * y;
            samples[n] = y;
        }
        (_state[0], _state[1], _state[2]) = (Settle(p1, p2), Settle(q1, q2), Settle(r1, r2));

        if (_lowPassGain > 0)
            LowPass(samples);
    }

    public void Reset() => Array.Clear(_state);

    private void LowPass(Span<float> samples)
    {
        var (z1, z2) = _state[3];
        for (var n = 0; n < samples.Length; n++)
        {
            var x = samples[n] * _lowPassGain;
            var y = x + z1;
            z1 = (z2 + 2 * x) - _lowPass.A1 * y;
            z2 = x - _lowPass.A2 * y;
            samples[n] = y;
        }
        _state[3] = Settle(z1, z2);
    }

    private static (float, float) Settle(float z1, float z2) =>
        (MathF.Abs(z1) < Negligible ? 0 : z1, MathF.Abs(z2) < Negligible ? 0 : z2);

    private readonly record struct Poles(float A1, float A2)
    {
        // Bilinear transform with the edge frequency prewarped.
        public static Poles At(double frequency, double q, out double highPassGain, out double lowPassGain)
        {
            var k = Math.Tan(Math.PI * frequency);
            highPassGain = 1 / (1 + k / q + k * k);
            lowPassGain = k * k * highPassGain;
            return new Poles((float)(2 * (k * k - 1) * highPassGain), (float)((1 - k / q + k * k) * highPassGain));
        }
    }
}
