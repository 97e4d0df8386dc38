using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs.Tests;

/// <summary>Each width of vectors against the sum as it is written down.</summary>
public class PairCorrelationTests
{
    private static readonly short[] Samples = Signal.WhiteNoise(-3, 1000);

    public static TheoryData<int> Counts => [1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 160, 161, 480];

    [Theory, MemberData(nameof(Counts))]
    public void Sums_AnyWidth_IsTheSum(int count)
    {
        PairTap[] taps = [PairTap.Of(0, 20_000, -20_000), PairTap.Of(9, 1, 5), PairTap.Of(62, -3, 25_000)];
        var expected = Enumerable.Range(0, count).Select(n => taps.Sum(tap => Product(tap, n))).ToArray();
        Assert.Equal(expected, Run((x, y) => PairCorrelation.Sums(taps, x, y, count), count));
        Assert.Equal(expected, Run((x, y) => PairCorrelation.Sums<PairLanes128, Vector128<int>>(taps, x, y, count), count));
        if (PairLanes256.IsSupported) Assert.Equal(expected, Run((x, y) => PairCorrelation.Sums<PairLanes256, Vector256<int>>(taps, x, y, count), count));
        if (PairLanes512.IsSupported) Assert.Equal(expected, Run((x, y) => PairCorrelation.Sums<PairLanes512, Vector512<int>>(taps, x, y, count), count));
    }

    [Fact]
    public void Sums_TooFewSamplesOrTooLittleRoom_Throws()
    {
        PairTap[] taps = [PairTap.Of(5, 1, 1), PairTap.Of(77, 1, 1)];
        Assert.Throws<ArgumentException>(() => PairCorrelation.Sums(taps, new short[64 + 77], new int[64], 1));
        Assert.Throws<ArgumentException>(() => PairCorrelation.Sums(taps, new short[64 + 78], new int[63], 1));
        PairCorrelation.Sums(taps, new short[64 + 78], new int[64], 1);
    }

    private static int[] Run(Action<short[], int[]> sum, int count)
    {
        var results = new int[640];
        sum(Samples, results);
        return results[..count];
    }

    private static int Product(PairTap tap, int n) => (short)tap.Taps * Samples[n + tap.Offset] + (tap.Taps >> 16) * Samples[n + tap.Offset + 1];
}
