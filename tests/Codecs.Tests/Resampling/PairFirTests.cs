using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs.Tests;

/// <summary>Each width of vectors against the sum as it is written down.</summary>
public class PairFirTests
{
    private static readonly short[] Samples = Signal.WhiteNoise(-3, 1000);

    private static readonly PairStep[] Steps = [Step(40, 9, 12, -7), Step(3, -50, 300, 5), Step(0, 0, -20_000, 16_000), Step(77, -32_768, 32_767, -32_768)];

    private static readonly PairStage[] Stages = [new(1, 3), new(2, 1), new(4, 14)];

    public static TheoryData<int> Counts => [1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 160, 161, 480];

    [Theory, MemberData(nameof(Counts))]
    public void Filter_AnyWidth_IsTheSum(int count)
    {
        var fir = new PairFir(Steps, Stages);
        var expected = Enumerable.Range(0, count).Select(Filtered).ToArray();
        Assert.Equal(expected, Run((x, y) => fir.Filter(x, y, count), count));
        Assert.Equal(expected, Run((x, y) => fir.Filter<PairLanes128, Vector128<int>>(x, y, count), count));
        if (PairLanes256.IsSupported) Assert.Equal(expected, Run((x, y) => fir.Filter<PairLanes256, Vector256<int>>(x, y, count), count));
        if (PairLanes512.IsSupported) Assert.Equal(expected, Run((x, y) => fir.Filter<PairLanes512, Vector512<int>>(x, y, count), count));
    }

    [Fact]
    public void Filter_TooFewSamplesOrTooLittleRoom_Throws()
    {
        var fir = new PairFir(Steps, Stages);
        Assert.Throws<ArgumentException>(() => fir.Filter(new short[160 + 77], new short[160], 1));
        Assert.Throws<ArgumentException>(() => fir.Filter(new short[160 + 78], new short[159], 1));
        fir.Filter(new short[160 + 78], new short[160], 1);
        Assert.Throws<ArgumentException>(() => new PairFir([Step(-1, 1, 1, 1)], [new(1, 1)]));
        Assert.Throws<ArgumentException>(() => new PairFir(Steps, [new(3, 1)]));
    }

    private static PairStep Step(int offset, int before, int first, int second) =>
        new(offset, PairStep.Pair(first, second), PairStep.Pair(before, first));

    private static short[] Run(Action<short[], short[]> filter, int count)
    {
        var results = new short[640];
        filter(Samples, results);
        return results[..count];
    }

    private static short Filtered(int n)
    {
        var (sum, s) = (0, 0);
        foreach (var stage in Stages)
        {
            for (; s < stage.End; s++) sum = unchecked(sum + Product(Steps[s], n));
            sum = unchecked(sum + (1 << (stage.Shift - 1))) >> stage.Shift;
        }
        return (short)Math.Clamp(sum, short.MinValue, short.MaxValue);
    }

    // An odd output has the same samples as the even one before it.
    private static int Product(PairStep step, int n)
    {
        var (taps, at) = (n % 2 == 0 ? step.Even : step.Odd, n / 2 * 2 + step.Offset);
        return unchecked((short)taps * Samples[at] + (taps >> 16) * Samples[at + 1]);
    }
}
