namespace VoiceGateway.Codecs;

/// <summary>
/// Takes mains hum out of a voice: a Butterworth high-pass of order 4 at 145 Hz, 30.6 dB down at 60 Hz, 37 dB at 50 Hz and 0.3 dB at 200 Hz.
/// One instance a stream.
/// </summary>
public sealed class HighPass : IVoiceFilter
{
    private const double EdgeHz = 145;

    // Below this the recursion would go on in denormal numbers, which are many times slower.
    private const double Negligible = 1e-12;

    private readonly Section _first;
    private readonly Section _second;
    private readonly double _gain;
    private (double Z1, double Z2) _p;
    private (double Z1, double Z2) _q;

    public HighPass(int sampleRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRateHz, 8000);
        // Quality factors of order 4: 1 / (2 cos(k * 22.5 degrees)), k = 1, 3.
        _first = Section.At(EdgeHz / sampleRateHz, 0.5 / Math.Cos(Math.PI / 8), out var gain1);
        _second = Section.At(EdgeHz / sampleRateHz, 0.5 / Math.Cos(3 * Math.PI / 8), out var gain2);
        _gain = gain1 * gain2;
    }

    public void Process(Span<float> pcm)
    {
        // Direct form II transposed; two recursions side by side wait at the same time.
        var ((p1, p2), (q1, q2)) = (_p, _q);
        var (first, second, gain) = (_first, _second, _gain);
        foreach (ref var sample in pcm)
        {
            var x = sample * gain;
            var y = x + p1;
            p1 = p2 - 2 * x - first.A1 * y;
            p2 = x - first.A2 * y;

            x = y;
            y = x + q1;
            q1 = q2 - 2 * x - second.A1 * y;
            q2 = x - second.A2 * y;
            sample = (float)y;
        }
        (_p, _q) = (Settle(p1, p2), Settle(q1, q2));
    }

    public override string ToString() => $"HighPass({EdgeHz})";

    private static (double, double) Settle(double z1, double z2) =>
        (Math.Abs(z1) < Negligible ? 0 : z1, Math.Abs(z2) < Negligible ? 0 : z2);

    // (1 - 2/z + 1/z^2) / (1 + A1/z + A2/z^2)
    private readonly record struct Section(double A1, double A2)
    {
        // Bilinear transform with the edge frequency prewarped.
        public static Section At(double frequency, double q, out double gain)
        {
            var k = Math.Tan(Math.PI * frequency);
            gain = 1 / (1 + k / q + k * k);
            return new Section(2 * (k * k - 1) * gain, (1 - k / q + k * k) * gain);
        }
    }
}
