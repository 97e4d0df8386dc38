using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs.Tests;

/// <summary>Each width of vectors against the sum as it is written down.</summary>
public class PairFirTests
{
    private static readonly short[] Samples = Signal.WhiteNoise(-3, 1000);

    private static readonly PairTap[] Taps = [PairTap.Of(40, 12, -7), PairTap.Of(3, 300, 5), PairTap.Of(0, -20_000, 16_000), PairTap.Of(77, 32_767, -32_768)];

    private static readonly PairStage[] Stages = [new(1, 3), new(2, 1), new(4, 14)];

    public static TheoryData<int> Counts => [1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 160, 161, 480];

    [Theory, MemberData(nameof(Counts))]
    public void Filter_AnyWidth_IsTheSum(int count)
    {
        var fir = new PairFir(Taps, Stages);
        var expected = Enumerable.Range(0, count).Select(Filtered).ToArray();
        Assert.Equal(expected, Run<short>((x, y) => fir.Filter(x, y, count), count));
        Assert.Equal(expected, Run<short>((x, y) => fir.Filter<PairLanes128, Vector128<int>>(x, y, count), count));
        if (PairLanes256.IsSupported) Assert.Equal(expected, Run<short>((x, y) => fir.Filter<PairLanes256, Vector256<int>>(x, y, count), count));
        if (PairLanes512.IsSupported) Assert.Equal(expected, Run<short>((x, y) => fir.Filter<PairLanes512, Vector512<int>>(x, y, count), count));
    }

    [Theory, MemberData(nameof(Counts))]
    public void Sums_AnyWidth_IsTheSum(int count)
    {
        PairTap[] taps = [PairTap.Of(0, 20_000, -20_000), PairTap.Of(9, 1, 5), PairTap.Of(62, -3, 25_000)];
        var expected = Enumerable.Range(0, count).Select(n => taps.Sum(tap => Product(tap, n))).ToArray();
        Assert.Equal(expected, Run<int>((x, y) => PairFir.Sums(taps, x, y, count), count));
        Assert.Equal(expected, Run<int>((x, y) => PairFir.Sums<PairLanes128, Vector128<int>>(taps, x, y, count), count));
        if (PairLanes256.IsSupported) Assert.Equal(expected, Run<int>((x, y) => PairFir.Sums<PairLanes256, Vector256<int>>(taps, x, y, count), count));
        if (PairLanes512.IsSupported) Assert.Equal(expected, Run<int>((x, y) => PairFir.Sums<PairLanes512, Vector512<int>>(taps, x, y, count), count));
    }

    [Fact]
    public void Filter_TooFewSamplesOrTooLittleRoom_Throws()
    {
        var fir = new PairFir(Taps, Stages);
        Assert.Throws<ArgumentException>(() => fir.Filter(new short[64 + 77], new short[64], 1));
        Assert.Throws<ArgumentException>(() => fir.Filter(new short[64 + 78], new short[63], 1));
        fir.Filter(new short[64 + 78], new short[64], 1);
        Assert.Throws<ArgumentException>(() => new PairFir([PairTap.Of(-1, 1, 1)], [new(1, 1)]));
        Assert.Throws<ArgumentException>(() => new PairFir(Taps, [new(3, 1)]));
    }

    private static T[] Run<T>(Action<short[], T[]> filter, int count)
    {
        var results = new T[640];
        filter(Samples, results);
        return results[..count];
    }

    private static short Filtered(int n)
    {
        var (sum, t) = (0, 0);
        foreach (var stage in Stages)
        {
            for (; t < stage.End; t++) sum = unchecked(sum + Product(Taps[t], n));
            sum = unchecked(sum + (1 << (stage.Shift - 1))) >> stage.Shift;
        }
        return (short)Math.Clamp(sum, short.MinValue, short.MaxValue);
    }

    private static int Product(PairTap tap, int n) => (short)tap.Taps * Samples[n + tap.Offset] + (tap.Taps >> 16) * Samples[n + tap.Offset + 1];
}
