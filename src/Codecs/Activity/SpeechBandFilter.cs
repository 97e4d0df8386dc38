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

    private readonly Section[] _sections;
    private readonly (float Z1, float Z2)[] _state;

    public SpeechBandFilter(int sampleRateHz)
    {
        // Quality factors of a Butterworth filter of order 6: 1 / (2 cos(k * 15 degrees)), k = 1, 3, 5.
        Section[] highPass =
        [
            Section.HighPass(HighPassHz / sampleRateHz, 0.5 / Math.Cos(Math.PI / 12)),
            Section.HighPass(HighPassHz / sampleRateHz, 0.5 / Math.Cos(Math.PI / 4)),
            Section.HighPass(HighPassHz / sampleRateHz, 0.5 / Math.Cos(5 * Math.PI / 12)),
        ];
        _sections = sampleRateHz > 2.5 * LowPassHz
            ? [.. highPass, Section.LowPass(LowPassHz / sampleRateHz, Math.Sqrt(0.5))]
            : highPass;
        _state = new (float, float)[_sections.Length];
    }

    public void Process(Span<float> samples)
    {
        for (var i = 0; i < _sections.Length; i++)
        {
            var s = _sections[i];
            var (z1, z2) = _state[i];
            for (var n = 0; n < samples.Length; n++)
            {
                // Direct form II transposed.
                var x = samples[n];
                var y = s.B0 * x + z1;
                z1 = s.B1 * x - s.A1 * y + z2;
                z2 = s.B2 * x - s.A2 * y;
                samples[n] = y;
            }
            _state[i] = (MathF.Abs(z1) < Negligible ? 0 : z1, MathF.Abs(z2) < Negligible ? 0 : z2);
        }
    }

    public void Reset() => Array.Clear(_state);

    private readonly record struct Section(float B0, float B1, float B2, float A1, float A2)
    {
        public static Section HighPass(double frequency, double q) => Bilinear(frequency, q, highPass: true);

        public static Section LowPass(double frequency, double q) => Bilinear(frequency, q, highPass: false);

        // Bilinear transform with the edge frequency prewarped.
        private static Section Bilinear(double frequency, double q, bool highPass)
        {
            var k = Math.Tan(Math.PI * frequency);
            var norm = 1 / (1 + k / q + k * k);
            var b0 = highPass ? norm : k * k * norm;
            return new Section(
                (float)b0,
                (float)(highPass ? -2 * b0 : 2 * b0),
                (float)b0,
                (float)(2 * (k * k - 1) * norm),
                (float)((1 - k / q + k * k) * norm));
        }
    }
}
