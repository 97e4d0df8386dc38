using System.Numerics;
using VoiceGateway.Codecs;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>Compares two recordings of the same audio: finds the delay by correlation, then the signal-to-noise ratio in the telephone band.</summary>
internal static class Alignment
{
    /// <summary>Where the reference begins in the recording, in samples, by the peak of the cross-correlation.</summary>
    public static int FindDelay(ReadOnlySpan<short> reference, ReadOnlySpan<short> recording)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)(reference.Length + recording.Length));
        var a = Spectrum(reference, size);
        var b = Spectrum(recording, size);
        for (var i = 0; i < size; i++) b[i] *= Complex.Conjugate(a[i]);
        Transform(b, inverse: true);
        var best = 0;
        for (var i = 0; i < recording.Length; i++)
            if (b[i].Real > b[best].Real) best = i;
        return best;
    }

    /// <summary>
    /// Signal to noise in dB, between 200 and 3400 Hz if nothing else is asked for: there telephone filters are flat. The remaining delay of a fraction of a
    /// sample is taken out by the slope of the phase; the level by least squares.
    /// </summary>
    public static double SignalToNoiseDb(ReadOnlySpan<short> reference, ReadOnlySpan<short> recording, int rateHz, int fromHz = 200, int toHz = 3400)
    {
        var delay = FindDelay(reference, recording);
        var length = Math.Min(reference.Length, recording.Length - delay);
        Assert.InRange(length, reference.Length * 9 / 10, int.MaxValue);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)length);
        var a = Spectrum(reference[..length], size);
        var b = Spectrum(recording.Slice(delay, length), size);
        var (low, high) = (fromHz * size / rateHz, toHz * size / rateHz);
        var best = double.NegativeInfinity;
        for (var fraction = -0.5; fraction <= 0.5; fraction += 0.02)
        {
            Complex cross = 0;
            double power = 0;
            for (var k = low; k < high; k++)
            {
                cross += b[k] * Complex.Conjugate(Shifted(a[k], k, fraction, size));
                power += a[k].Magnitude * a[k].Magnitude;
            }
            var gain = cross.Real / power;
            double signal = 0, noise = 0;
            for (var k = low; k < high; k++)
            {
                var expected = gain * Shifted(a[k], k, fraction, size);
                signal += expected.Magnitude * expected.Magnitude;
                noise += (b[k] - expected).Magnitude * (b[k] - expected).Magnitude;
            }
            best = Math.Max(best, 10 * Math.Log10(signal / noise));
        }
        return best;
    }

    /// <summary>A whole recording at another rate, as the gateway would bring it there.</summary>
    public static short[] Resampled(Resampler resampler, ReadOnlySpan<short> pcm)
    {
        var output = new short[resampler.MaxOutputSamples(pcm.Length)];
        return output[..resampler.Process(pcm, output)];
    }

    private static Complex Shifted(Complex bin, int k, double samples, int size) => bin * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * samples / size);

    private static Complex[] Spectrum(ReadOnlySpan<short> pcm, int size)
    {
        var bins = new Complex[size];
        for (var i = 0; i < pcm.Length; i++) bins[i] = pcm[i];
        Transform(bins, inverse: false);
        return bins;
    }

    // Cooley and Tukey, in place; sizes are powers of two.
    private static void Transform(Complex[] data, bool inverse)
    {
        var n = data.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            var bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i < j) (data[i], data[j]) = (data[j], data[i]);
        }
        for (var length = 2; length <= n; length <<= 1)
        {
            var twiddles = new Complex[length / 2];
            for (var k = 0; k < twiddles.Length; k++) twiddles[k] = Complex.FromPolarCoordinates(1, (inverse ? 2 : -2) * Math.PI * k / length);
            for (var start = 0; start < n; start += length)
            {
                for (var k = 0; k < length / 2; k++)
                {
                    var even = data[start + k];
                    var odd = data[start + k + length / 2] * twiddles[k];
                    (data[start + k], data[start + k + length / 2]) = (even + odd, even - odd);
                }
            }
        }
    }
}
