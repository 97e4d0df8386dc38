using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs;

/// <summary>
/// The eight DTMF bins of the last 30 ms of an 8 kHz stream, one vector lane a frequency: kept as six partial transforms of 5 ms, so that they can be put
/// together for frequencies a little beside the nominal ones too.
/// <code>
/// 5 ms of pcm ─▶ X[m] = Σ x[n] e^(-jωn), eight at once ─▶ ring of six
///                Σ X[m] e^(-j(ω + δ) 40 m), for δ of -3 … 3 %   ─▶ the best δ for each lane, then refined by the phase between the halves
/// </code>
/// </summary>
internal sealed class DtmfSpectrum
{
    public const int HopSamples = 40;
    public const int Hops = 6;

    private const int SampleRateHz = 8000;
    private const int Trials = 5;
    private const double TrialStep = 0.015;
    private const float LeastDroop = 0.93f;

    private static readonly float[] FrequenciesHz = [.. DtmfTones.LowHz.ToArray().Concat(DtmfTones.HighHz.ToArray()).Select(static hz => (float)hz)];
    private static readonly (Vector256<float> Cos, Vector256<float> Sin)[] Wave = Table(HopSamples, 1, 0);
    private static readonly (Vector256<float> Cos, Vector256<float> Sin)[] Turn =
        [.. Enumerable.Range(0, Trials).SelectMany(static trial => Table(Hops, HopSamples, Offset(trial)))];

    private readonly Vector256<float>[] _re = new Vector256<float>[Hops];
    private readonly Vector256<float>[] _im = new Vector256<float>[Hops];
    private readonly float[] _energy = new float[Hops];
    private int _oldest;

    /// <summary>Sum of the squares of the last 30 ms.</summary>
    public float Energy { get; private set; }

    /// <param name="hop">The next 5 ms.</param>
    public void Append(ReadOnlySpan<float> hop)
    {
        var (re0, im0, re1, im1) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var energy = 0f;
        var wave = Wave;
        for (var n = 0; n + 1 < hop.Length && n + 1 < wave.Length; n += 2)
        {
            var (even, odd) = (Vector256.Create(hop[n]), Vector256.Create(hop[n + 1]));
            re0 = Vector256.MultiplyAddEstimate(even, wave[n].Cos, re0);
            im0 = Vector256.MultiplyAddEstimate(even, wave[n].Sin, im0);
            re1 = Vector256.MultiplyAddEstimate(odd, wave[n + 1].Cos, re1);
            im1 = Vector256.MultiplyAddEstimate(odd, wave[n + 1].Sin, im1);
            energy += hop[n] * hop[n] + hop[n + 1] * hop[n + 1];
        }
        (_re[_oldest], _im[_oldest], _energy[_oldest]) = (re0 + re1, im0 + im1, energy);
        _oldest = (_oldest + 1) % Hops;
        // Added up anew: a running sum would keep the rounding errors of what was loud.
        energy = 0;
        foreach (var part in _energy) energy += part;
        Energy = energy;
    }

    /// <summary>The loudest tone of each group.</summary>
    public void Measure(out DtmfTone low, out DtmfTone high)
    {
        var (best, bestTrial) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var trial = 0; trial < Trials; trial++)
        {
            var (re, im) = Sum(trial, 0, Hops);
            var power = re * re + im * im;
            bestTrial = Vector256.ConditionalSelect(Vector256.GreaterThan(power, best), Vector256.Create((float)trial), bestTrial);
            best = Vector256.Max(best, power);
        }
        low = Refine(Loudest(best, 0), bestTrial);
        high = Refine(Loudest(best, 4), bestTrial);
    }

    public void Reset()
    {
        Array.Clear(_re);
        Array.Clear(_im);
        Array.Clear(_energy);
        Energy = 0;
    }

    // The phase turns between the two halves by as much as the tone is beside the trial frequency.
    private DtmfTone Refine(int lane, Vector256<float> bestTrial)
    {
        var trial = (int)bestTrial[lane];
        var (re, im) = Sum(trial, 0, Hops / 2);
        var (re2, im2) = Sum(trial, Hops / 2, Hops);
        var (a, b, c, d) = (re[lane], im[lane], re2[lane], im2[lane]);
        // Im and Re of second * conj(first); Sin carries the minus of the transform.
        var turn = MathF.Atan2(d * a - c * b, c * a + d * b);
        const float HalfWindow = Hops / 2 * HopSamples;
        var besideHz = turn / (2 * MathF.PI * HalfWindow) * SampleRateHz;
        var hz = FrequenciesHz[lane];
        var offset = (float)Offset(trial) + besideHz / hz;

        // At its own frequency the halves add up in phase; within a hop they are still taken at the nominal one.
        var magnitude = MathF.Sqrt(a * a + b * b) + MathF.Sqrt(c * c + d * d);
        magnitude /= Droop(besideHz, HopSamples * Hops / 2) * Droop(offset * hz, HopSamples) / Droop(besideHz, HopSamples);
        // |X| = A N / 2, and the energy of a sine is A² N / 2.
        return new DtmfTone(lane % 4, offset, 2 * magnitude * magnitude / (HopSamples * Hops));
    }

    // What a transform over that many samples loses of a tone that much beside it: sin(x) / x near its top, and never more than a tone in tune can lose.
    private static float Droop(float besideHz, int samples)
    {
        var x = MathF.PI * besideHz * samples / SampleRateHz;
        return Math.Max(LeastDroop, 1 - x * x / 6);
    }

    private (Vector256<float> Re, Vector256<float> Im) Sum(int trial, int from, int to)
    {
        var (re, im) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var m = from; m < to; m++)
        {
            var at = (_oldest + m) % Hops;
            var (x, y) = (_re[at], _im[at]);
            var (cos, sin) = Turn[trial * Hops + m];
            re += x * cos - y * sin;
            im += x * sin + y * cos;
        }
        return (re, im);
    }

    private static int Loudest(Vector256<float> power, int group)
    {
        var best = group;
        for (var lane = group + 1; lane < group + 4; lane++)
            if (power[lane] > power[best]) best = lane;
        return best;
    }

    private static double Offset(int trial) => (trial - Trials / 2) * TrialStep;

    // e^(-jω n step): cosine, and minus the sine.
    private static (Vector256<float>, Vector256<float>)[] Table(int length, int step, double offset)
    {
        var table = new (Vector256<float>, Vector256<float>)[length];
        var (cos, sin) = (new float[8], new float[8]);
        for (var n = 0; n < length; n++)
        {
            for (var lane = 0; lane < 8; lane++)
            {
                var angle = -2 * Math.PI * FrequenciesHz[lane] * (1 + offset) * n * step / SampleRateHz;
                (cos[lane], sin[lane]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
            }
            table[n] = (Vector256.Create(cos), Vector256.Create(sin));
        }
        return table;
    }
}
