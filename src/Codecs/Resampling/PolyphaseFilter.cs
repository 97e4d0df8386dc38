using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>
/// The low-pass of one rate conversion, cut into phases: with interpolation L and decimation M it runs, on paper,
/// at L times the input rate; phase p holds the taps that meet real samples rather than the zeros stuffed between them.
/// Immutable, designed once and shared by all calls.
/// </summary>
/// <remarks>
/// A windowed sinc with a Kaiser window, designed at start-up in double precision. An equiripple (Remez) design would
/// save a third of the taps at the same rejection, but needs either an exchange algorithm here or opaque tables, as the
/// rates of a call have; Kaiser is ten lines, and its stop band falls off away from the edge.
/// </remarks>
internal sealed class PolyphaseFilter
{
    // Half the width of the transition around the lower of the two Nyquist frequencies. At 8 kHz the pass band so
    // reaches 3.4 kHz, and all that folds back onto it lies beyond the stop band's edge at 4.6 kHz.
    private const double HalfTransitionHz = 600;

    // 17 samples at 8 kHz, 34 at 16, 51 at 24: a whole number of samples on every side, and long enough for 80 dB.
    private const double DelaySeconds = 17.0 / 8000;

    private readonly float[] _taps;
    private readonly (int Start, int Length)[] _phases;

    public PolyphaseFilter(int inputRateHz, int outputRateHz)
    {
        var common = (int)BigInteger.GreatestCommonDivisor(inputRateHz, outputRateHz);
        Interpolation = outputRateHz / common;
        Decimation = inputRateHz / common;

        var rateHz = (double)inputRateHz * Interpolation;
        // The newest of the M input samples that make an output is used at once, which takes M-1 off the delay.
        var delay = (int)Math.Round(DelaySeconds * rateHz);
        var half = delay + Decimation - 1;
        DelayTicks = (long)Math.Round(TimeSpan.TicksPerSecond * delay / rateHz);

        var prototype = KaiserLowPass.Design(half, Math.Min(inputRateHz, outputRateHz) / 2.0 / rateHz, HalfTransitionHz / rateHz);

        // Both the window of a phase and each phase's share of it are whole vectors, padded with zeros.
        var longest = (prototype.Length + Interpolation - 1) / Interpolation;
        WindowLength = RoundUpToVector(longest);
        _taps = new float[Interpolation * WindowLength];
        _phases = new (int, int)[Interpolation];
        for (var phase = 0; phase < Interpolation; phase++)
            _phases[phase] = Lay(prototype, phase, _taps.AsSpan(phase * WindowLength, WindowLength));
    }

    /// <summary>L: the filter's rate over the input rate, and the number of phases.</summary>
    public int Interpolation { get; }

    /// <summary>M: the filter's rate over the output rate.</summary>
    public int Decimation { get; }

    /// <summary>Input samples that one output sample looks at, the newest last.</summary>
    public int WindowLength { get; }

    public long DelayTicks { get; }

    /// <summary>The taps of one phase that are not all zero, and where in the window they start; a multiple of the vector's length.</summary>
    public ReadOnlySpan<float> Taps(int phase, out int start)
    {
        (start, var length) = _phases[phase];
        return _taps.AsSpan(phase * WindowLength + start, length);
    }

    private (int Start, int Length) Lay(double[] prototype, int phase, Span<float> window)
    {
        // Each phase passes DC with exactly the same gain; otherwise DC would come out with a tone at the image frequency.
        var sum = 0.0;
        for (var i = phase; i < prototype.Length; i += Interpolation)
            sum += prototype[i];

        var (first, last) = (window.Length, -1);
        for (int i = phase, age = 0; i < prototype.Length; i += Interpolation, age++)
        {
            var tap = (float)(prototype[i] / sum);
            if (tap == 0)
                continue;
            var position = window.Length - 1 - age;
            window[position] = tap;
            first = Math.Min(first, position);
            last = Math.Max(last, position);
        }

        var length = RoundUpToVector(last - first + 1);
        return (Math.Min(first, window.Length - length), length);
    }

    private static int RoundUpToVector(int length) => (length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
}
