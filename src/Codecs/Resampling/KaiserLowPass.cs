namespace VoiceGateway.Codecs;

/// <summary>Designs low-pass filters: a sinc under Kaiser's window (Oppenheim and Schafer, Discrete-Time Signal Processing, section 7.5.3).</summary>
internal static class KaiserLowPass
{
    /// <param name="half">Taps on each side of the middle.</param>
    /// <param name="cutoff">Where the gain is a half, over the sample rate.</param>
    /// <param name="halfTransition">From there to the edge of either band, likewise.</param>
    /// <returns>Taps whose sum is still to be made right.</returns>
    public static double[] Design(int half, double cutoff, double halfTransition)
    {
        // Rejection follows from length and transition width, and the window's shape from the rejection.
        var rejectionDb = 2.285 * 2 * half * (2 * Math.PI * 2 * halfTransition) + 7.95;
        var beta = 0.1102 * (rejectionDb - 8.7);

        var taps = new double[2 * half + 1];
        for (var i = 0; i < taps.Length; i++)
        {
            var t = i - half;
            var x = 2 * cutoff * t;
            var sinc = t == 0 ? 1 : double.SinPi(x) / (Math.PI * x);
            var r = (double)t / half;
            taps[i] = sinc * BesselI0(beta * Math.Sqrt(1 - r * r));
        }
        return taps;
    }

    /// <summary>The modified Bessel function of order zero, by its power series.</summary>
    private static double BesselI0(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }
}
