using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceGateway.Robustness;

/// <summary>
/// Finds where each 20 ms of what was sent lies in what was received, by cross-correlation of the 100 ms around it. As long as it still
/// fits, it is taken to lie where the one before it let expect.
/// </summary>
internal sealed class TimeMap
{
    private const int RateHz = 16000;
    private const int Step = RateHz / 50;
    private const int Window = RateHz / 10;
    private const int Search = RateHz * 3 / 10;
    private const int FirstWindow = RateHz / 2;

    // Speech resembles itself a pitch period away, and what was concealed nearly everything: a new place must be the very thing.
    private const double Fits = 0.7;
    private const double IsThere = 0.9;

    private readonly float[] _sent;
    private readonly float[] _heard;
    private readonly double[] _sentEnergy;
    private readonly double[] _heardEnergy;

    public TimeMap(ReadOnlySpan<short> sent, ReadOnlySpan<short> heard)
    {
        (_sent, _sentEnergy) = Prepare(sent);
        (_heard, _heardEnergy) = Prepare(heard);
        First = FindFirst();
    }

    /// <summary>Of what was said first, in samples.</summary>
    public int First { get; }

    /// <summary>Of each 20 ms, in samples.</summary>
    public IReadOnlyList<int> Delays => field ??= Follow();

    /// <summary>Of one stretch, by the loudest half second of it; a fraction of the work of <see cref="Delays"/>.</summary>
    /// <param name="from">First sample of it in what was sent.</param>
    /// <param name="to">Sample after it.</param>
    /// <param name="near">What it is expected to be; when it is not there within 300 ms, it may be anything.</param>
    public int DelayOf(int from, int to, int near)
    {
        var loudest = Loudest(from, to);
        var (at, likeness) = Best(loudest, loudest + near - Search, loudest + near + Search, FirstWindow);
        return (likeness > Fits ? at : Anywhere(loudest)) - loudest;
    }

    /// <summary>What was received, cut and put together so that it lies beside what was sent.</summary>
    public short[] Align(ReadOnlySpan<short> heard)
    {
        var aligned = new short[_sent.Length];
        for (var i = 0; i < Delays.Count; i++)
        {
            var at = i * Step;
            var from = at + Delays[i];
            var length = Math.Min(Math.Min(Step, aligned.Length - at), heard.Length - from);
            if (from >= 0 && length > 0) heard.Slice(from, length).CopyTo(aligned.AsSpan(at));
        }
        return aligned;
    }

    private static (float[] Samples, double[] Energy) Prepare(ReadOnlySpan<short> pcm)
    {
        var samples = new float[pcm.Length];
        var energy = new double[pcm.Length + 1];
        for (var i = 0; i < pcm.Length; i++)
        {
            samples[i] = pcm[i];
            energy[i + 1] = energy[i] + (double)pcm[i] * pcm[i];
        }
        return (samples, energy);
    }

    private int[] Follow()
    {
        var delays = new int[(_sent.Length + Step - 1) / Step];
        var delay = First;
        for (var i = 0; i < delays.Length; i++)
        {
            var at = Math.Clamp(i * Step + Step / 2 - Window / 2, 0, Math.Max(0, _sent.Length - Window));
            var fit = Likeness(at, at + delay, Window);
            // A pause is like any other.
            if (fit < Fits && Loudness(at) > 100)
            {
                var (best, likeness) = Best(at, at + delay - Search, at + delay + Search, Window);
                if (likeness > IsThere) delay = best - at;
            }
            delays[i] = delay;
        }
        return delays;
    }

    // By the loudest half second of the first four, wherever it may be.
    private int FindFirst()
    {
        var loudest = Loudest(0, Math.Min(_sent.Length, 4 * RateHz));
        return Anywhere(loudest) - loudest;
    }

    private int Anywhere(int sentAt) => Best(sentAt, 0, _heard.Length - FirstWindow, FirstWindow).At;

    private int Loudest(int from, int to)
    {
        var loudest = from;
        for (var at = from; at + FirstWindow < to; at += Step)
            if (_sentEnergy[at + FirstWindow] - _sentEnergy[at] > _sentEnergy[loudest + FirstWindow] - _sentEnergy[loudest]) loudest = at;
        return loudest;
    }

    private (int At, double Likeness) Best(int sentAt, int from, int to, int length)
    {
        var (best, bestAt) = (-1.0, Math.Max(0, from));
        for (var at = Math.Max(0, from); at <= Math.Min(to, _heard.Length - length); at++)
            if (Likeness(sentAt, at, length) is var likeness && likeness > best) (best, bestAt) = (likeness, at);
        return (bestAt, best);
    }

    private double Loudness(int at) => Math.Sqrt((_sentEnergy[Math.Min(at + Window, _sent.Length)] - _sentEnergy[at]) / Window);

    private double Likeness(int sentAt, int heardAt, int length)
    {
        length = Math.Min(length, _sent.Length - sentAt);
        if (heardAt < 0 || heardAt + length > _heard.Length) return -1;
        var energy = (_sentEnergy[sentAt + length] - _sentEnergy[sentAt]) * (_heardEnergy[heardAt + length] - _heardEnergy[heardAt]);
        return energy <= 0 ? 0 : Dot(_sent.AsSpan(sentAt, length), _heard.AsSpan(heardAt, length)) / Math.Sqrt(energy);
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var va = MemoryMarshal.Cast<float, Vector<float>>(a);
        var vb = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < va.Length; i++) sums += va[i] * vb[i];
        double sum = Vector.Sum(sums);
        for (var i = va.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
