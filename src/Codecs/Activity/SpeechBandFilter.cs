using System.Collections.Concurrent;

namespace VoiceGateway.Codecs;

/// <summary>
/// Keeps the part of the band that carries speech over a telephone: a Butterworth high-pass of order 6 at 250 Hz, which takes
/// 48 dB off 100 Hz hum and 84 dB off 50 Hz, and for wideband input a low-pass of order 2 at 3.8 kHz.
/// </summary>
internal sealed class SpeechBandFilter(int sampleRateHz)
{
    private const double HighPassHz = 250;
    private const double LowPassHz = 3800;

    private static readonly ConcurrentDictionary<int, BlockRecursion> Designs = new();

    private readonly BlockRecursion _recursion = Designs.GetOrAdd(sampleRateHz, static rate => Design(rate));
    private readonly float[] _state = new float[BlockRecursion.Length];

    /// <summary>In place, a multiple of eight; from the int16 range to -1..1.</summary>
    public void Process(Span<float> samples) => _recursion.Process(samples, _state);

    public void Reset() => Array.Clear(_state);

    private static BlockRecursion Design(int sampleRateHz)
    {
        // Quality factors of a Butterworth filter of order 6: 1 / (2 cos(k * 15 degrees)), k = 1, 3, 5. Samples come in as int16.
        var edge = HighPassHz / sampleRateHz;
        var first = HighPass(edge, 0.5 / Math.Cos(Math.PI / 12), 1.0 / 32768);
        var second = HighPass(edge, 0.5 / Math.Cos(Math.PI / 4), 1);
        var third = HighPass(edge, 0.5 / Math.Cos(5 * Math.PI / 12), 1);
        return sampleRateHz > 2.5 * LowPassHz
            ? new BlockRecursion([first, second, third, LowPass(LowPassHz / sampleRateHz, Math.Sqrt(0.5))])
            : new BlockRecursion([first, second, third]);
    }

    // Bilinear transform with the edge frequency prewarped.
    private static (double, double, double, double, double) HighPass(double frequency, double q, double scale)
    {
        var (a1, a2, gain) = Poles(frequency, q);
        return (scale * gain, -2 * scale * gain, scale * gain, a1, a2);
    }

    private static (double, double, double, double, double) LowPass(double frequency, double q)
    {
        var (a1, a2, gain) = Poles(frequency, q);
        var k = Math.Tan(Math.PI * frequency);
        return (k * k * gain, 2 * k * k * gain, k * k * gain, a1, a2);
    }

    private static (double A1, double A2, double HighPassGain) Poles(double frequency, double q)
    {
        var k = Math.Tan(Math.PI * frequency);
        var gain = 1 / (1 + k / q + k * k);
        return (2 * (k * k - 1) * gain, (1 - k / q + k * k) * gain, gain);
    }
}
