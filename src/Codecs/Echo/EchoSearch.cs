using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// Looks for what was sent in what is heard, at every delay, over the whole band. 8 kHz mono. 12 kB, which only a line needs of
/// which nothing is known: rented, and given back when the question is answered.
/// <code>
///   heard ─▶ whitened ─▶ all samples, or a quarter ─▶ correlation with the last 0.4 s sent, in integers
///                                                      └─▶ 0.98 of the sum so far, and this ─▶ the delay that explains most
/// </code>
/// A correlation is a mean: a quarter of the samples gives the same, a little less sharp, for a quarter of the work. So only the first
/// sound on a line of which nothing is known is looked at closely, 10 ms by 10 ms; then a quarter of it, every 20 ms.
/// </summary>
internal sealed class EchoSearch
{
    /// <summary>Delays that are looked at, in samples: from 16 ms before "at once" (a packet that came early) to 352 ms.</summary>
    public const int Lags = 2944;

    public const int EarliestLag = -128;

    private const int BlockSamples = EchoReference.BlockSamples;
    private const int MostSamples = 2 * BlockSamples;

    // 10 ms a step: half a second, the length of a few syllables.
    private const float Forgetting = 0.98f;

    private const int CloseStride = 2;
    private const int Stride = 8;

    // 0.4 s of sound: a handset's echo is proven in a tenth of that.
    private const int CloseBlocks = 40;

    // The energy sent is known by 4 ms: over half a second it changes little from one delay to the next.
    private const int SegmentSamples = 32;
    private const int Segments = Lags / SegmentSamples;

    // The peak against the mean over all delays: 2 for a tone.
    private const float Distinct = 4;

    private static readonly ConcurrentQueue<EchoSearch> Spare = new();

    private readonly float[] _correlation = new float[Lags];
    private readonly float[] _sentEnergy = new float[Segments];
    private readonly short[] _heard = new short[MostSamples];
    private int _heardLength;
    private long _heardAt;
    private int _turn;
    private int _closeBlocks;
    private float _heardEnergy;

    private EchoSearch()
    {
    }

    /// <summary>The delay that explains most, in samples.</summary>
    public int Delay { get; private set; }

    /// <summary>How much of what is heard it explains, 0 to 1.</summary>
    public float Coherence { get; private set; }

    /// <summary>It stands out of all delays, as it does for no tone.</summary>
    public bool IsDistinct { get; private set; }

    /// <param name="closely">Nothing is known of the line yet.</param>
    public static EchoSearch Rent(bool closely)
    {
        if (!Spare.TryDequeue(out var search)) search = new EchoSearch();
        search.Clear();
        search._closeBlocks = closely ? CloseBlocks : 0;
        return search;
    }

    public void Return() => Spare.Enqueue(this);

    /// <param name="white">A block of what is heard, whitened.</param>
    /// <param name="position">The position in what was sent that has no delay against its first sample.</param>
    /// <param name="reference">What was sent.</param>
    /// <returns>There is news: with every block, or every second.</returns>
    public bool Heard(ReadOnlySpan<short> white, long position, EchoReference reference)
    {
        var isNext = _heardLength > 0 && position == _heardAt + _heardLength && _heardLength + white.Length <= MostSamples;
        var news = _heardLength > 0 && !isNext;
        if (news) Correlate(reference);
        if (_heardLength == 0) _heardAt = position;
        white.CopyTo(_heard.AsSpan(_heardLength));
        _heardLength += white.Length;
        if (_closeBlocks > 0) _closeBlocks--;
        else if (_heardLength <= BlockSamples) return news;
        Correlate(reference);
        return true;
    }

    private void Clear()
    {
        Array.Clear(_correlation);
        Array.Clear(_sentEnergy);
        (_heardLength, _heardEnergy, Coherence, IsDistinct, Delay) = (0, 0, 0, false, 0);
    }

    [SkipLocalsInit]
    private void Correlate(EchoReference reference)
    {
        var heard = _heard.AsSpan(0, _heardLength);
        _heardLength = 0;

        // The longest delay first: entry k + n is sample n delayed by (Lags - 1 - k + EarliestLag).
        Span<short> sent = stackalloc short[Lags + MostSamples + PairCorrelation.Block];
        var whole = sent[..(Lags + heard.Length)];
        reference.Read(_heardAt - EarliestLag - Lags, whole);
        Whitening.Apply(whole, whole[..^1]);
        sent[(Lags - 1 + heard.Length)..].Clear();

        Span<PairTap> taps = stackalloc PairTap[MostSamples / CloseStride];
        var kept = heard.Length > BlockSamples ? Forgetting * Forgetting : Forgetting;
        var count = Choose(heard, taps, kept, out var shift);
        Span<int> sums = stackalloc int[Lags];
        PairCorrelation.Sums(taps[..count], sent, sums, Lags);

        Weigh(sent, heard.Length, kept, count > 0 ? 2f * count / heard.Length : 0);
        Update(sums, kept, 1 << shift);
    }

    // Integers have 32 bits: what is heard is scaled so that no sum can be larger.
    private int Choose(ReadOnlySpan<short> heard, Span<PairTap> taps, float kept, out int shift)
    {
        var stride = heard.Length <= BlockSamples && _closeBlocks > 0 ? CloseStride : Stride;
        var first = 2 * (_turn++ & (stride / 2 - 1));
        var magnitude = 0;
        for (var n = first; n + 1 < heard.Length; n += stride) magnitude += Math.Abs((int)heard[n]) + Math.Abs((int)heard[n + 1]);
        for (shift = 0; magnitude >> shift > 65_000; shift++) { }

        var (count, energy) = (0, 0f);
        for (var n = first; n + 1 < heard.Length; n += stride)
        {
            taps[count++] = PairTap.Of(n, heard[n] >> shift, heard[n + 1] >> shift);
            energy += (float)heard[n] * heard[n] + (float)heard[n + 1] * heard[n + 1];
        }
        _heardEnergy = kept * _heardEnergy + energy;
        return count;
    }

    // What was sent at each delay while this was heard, as far as it was looked at.
    private void Weigh(ReadOnlySpan<short> sent, int length, float kept, float share)
    {
        const int Longest = Segments + MostSamples / SegmentSamples;
        Span<float> energies = stackalloc float[Longest];
        for (var i = 0; i < Longest; i++) energies[i] = VectorMath.SumOfSquares(sent.Slice(i * SegmentSamples, SegmentSamples));
        var span = Math.Max(1, (length + SegmentSamples / 2) / SegmentSamples);
        var scale = share * length / (span * SegmentSamples);
        for (var i = 0; i < Segments; i++)
        {
            var sum = 0f;
            for (var k = i; k < i + span; k++) sum += energies[k];
            _sentEnergy[i] = kept * _sentEnergy[i] + scale * sum;
        }
    }

    private void Update(ReadOnlySpan<int> sums, float kept, float unit)
    {
        // A delay at which we hardly spoke explains nothing, however well it fits.
        var floor = VectorMath.Max(_sentEnergy, 0) * 0.05f + 1;
        var (keep, units) = (new Vector<float>(kept), new Vector<float>(unit));
        var (best, total, bestAt) = (Vector<float>.Zero, Vector<float>.Zero, Vector<int>.Zero);
        for (var segment = 0; segment < Segments; segment++)
        {
            var weight = new Vector<float>(1 / Math.Max(_sentEnergy[segment], floor));
            for (var k = segment * SegmentSamples; k < (segment + 1) * SegmentSamples; k += Vector<float>.Count)
            {
                var added = Vector.ConvertToSingle(new Vector<int>(sums[k..])) * units;
                var correlation = Vector.MultiplyAddEstimate(new Vector<float>(_correlation, k), keep, added);
                correlation.CopyTo(_correlation, k);
                var fit = correlation * correlation * weight;
                total += fit;
                bestAt = Vector.ConditionalSelect(Vector.GreaterThan(fit, best), new Vector<int>(k), bestAt);
                best = Vector.Max(best, fit);
            }
        }
        var (most, at) = (0f, 0);
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            if (best[lane] > most) (most, at) = (best[lane], bestAt[lane] + lane);
        Delay = Lags - 1 - at + EarliestLag;
        Coherence = most / (_heardEnergy + 1);
        IsDistinct = most * Lags > Distinct * Vector.Sum(total);
    }
}
