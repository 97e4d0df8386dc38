using System.Numerics;

namespace VoiceGateway.Codecs.Tests;

/// <summary>
/// How differently two voices sound: the root mean square difference of their spectra in dB, in 24 bands of equal width on the mel scale, over 32 ms every 10 ms, pauses
/// left out. Unlike the signal to error ratio it forgives a wave that is shifted. Both signals must be aligned within a few milliseconds.
/// </summary>
internal static class SpectralDistance
{
    private const int Bands = 24;
    private const double LowestHz = 100;
    private const double VoiceDbov = -50;

    // Bands that are this far below full scale in both are alike: nobody hears them.
    private const double FloorDb = -75;

    /// <summary>In dB: 0 for the same, 1 for what codecs do, 10 and more for silence instead of a voice.</summary>
    /// <param name="clean">As it was sent.</param>
    /// <param name="heard">As it was received, at least as long.</param>
    /// <param name="sampleRateHz">8000 or 16000, of both.</param>
    public static double Db(ReadOnlySpan<short> clean, ReadOnlySpan<short> heard, int sampleRateHz)
    {
        var window = sampleRateHz * 32 / 1000;
        var step = sampleRateHz / 100;
        var (sum, frames) = (0.0, 0);
        for (var at = 0; at + window <= clean.Length; at += step)
        {
            var frame = clean.Slice(at, window);
            if (Signal.LevelDbov(frame) < VoiceDbov) continue;
            frames++;
            var other = heard.Slice(at, window);
            if (frame.SequenceEqual(other)) continue;
            var (a, b) = (BandsDb(frame, sampleRateHz), BandsDb(other, sampleRateHz));
            var square = 0.0;
            for (var i = 0; i < Bands; i++) square += (a[i] - b[i]) * (a[i] - b[i]);
            sum += Math.Sqrt(square / Bands);
        }
        return frames == 0 ? double.NaN : sum / frames;
    }

    private static double[] BandsDb(ReadOnlySpan<short> frame, int sampleRateHz)
    {
        var spectrum = new Complex[frame.Length];
        for (var i = 0; i < frame.Length; i++)
            spectrum[i] = frame[i] / 32768.0 * (0.5 - 0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / frame.Length));
        Transform(spectrum);

        var (lowest, highest) = (Mel(LowestHz), Mel(sampleRateHz * 0.475));
        var power = new double[Bands];
        for (var bin = 1; bin < frame.Length / 2; bin++)
        {
            var position = (Mel((double)bin * sampleRateHz / frame.Length) - lowest) / (highest - lowest) * (Bands + 1) - 1;
            var band = (int)Math.Floor(position);
            var share = position - band;
            var magnitude = spectrum[bin].Magnitude / frame.Length;
            if (band is >= 0 and < Bands) power[band] += (1 - share) * magnitude * magnitude;
            if (band + 1 is >= 0 and < Bands) power[band + 1] += share * magnitude * magnitude;
        }
        return [.. power.Select(static p => 10 * Math.Log10(Math.Max(p, Math.Pow(10, FloorDb / 10))))];
    }

    private static double Mel(double hz) => 2595 * Math.Log10(1 + hz / 700);

    // Cooley and Tukey's, in place; the length is a power of two.
    private static void Transform(Span<Complex> x)
    {
        for (int i = 1, reversed = 0; i < x.Length; i++)
        {
            var bit = x.Length >> 1;
            for (; (reversed & bit) != 0; bit >>= 1) reversed ^= bit;
            reversed |= bit;
            if (i < reversed) (x[i], x[reversed]) = (x[reversed], x[i]);
        }
        for (var size = 2; size <= x.Length; size *= 2)
        {
            var root = Complex.FromPolarCoordinates(1, -2 * Math.PI / size);
            for (var block = 0; block < x.Length; block += size)
            {
                var turn = Complex.One;
                for (var i = block; i < block + size / 2; i++)
                {
                    var odd = turn * x[i + size / 2];
                    (x[i], x[i + size / 2]) = (x[i] + odd, x[i] - odd);
                    turn *= root;
                }
            }
        }
    }
}
