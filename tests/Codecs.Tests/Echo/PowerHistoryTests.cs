namespace VoiceGateway.Codecs.Tests;

public class PowerHistoryTests
{
    [Fact]
    public void MaxMinAndSum_EveryStretch_AreThoseOfTheValues()
    {
        var random = new Random(1);
        var (history, values) = (new PowerHistory(), new List<float>());
        for (var i = 0; i < 300; i++)
        {
            values.Add(random.NextSingle());
            history.Add(values[^1]);
            if (i < PowerHistory.Length) continue;
            var ago = random.Next(PowerHistory.Length);
            var count = random.Next(1, PowerHistory.Length - ago + 1);
            var stretch = values.GetRange(values.Count - ago - count, count);
            Assert.Equal(Math.Max(0.5f, stretch.Max()), history.Max(ago, count, 0.5f));
            Assert.Equal(Math.Min(0.5f, stretch.Min()), history.Min(ago, count, 0.5f));
            Assert.Equal(stretch.Sum(static p => Math.Max(0, p - 0.3f)), history.SumAbove(ago, count, 0.3f), 0.001f);
        }
        Assert.Equal(0, history.Max(0, 0, 0));
    }

    [Fact]
    public void Reference_PowersByPosition_AreThoseOfTheirBlocks()
    {
        var reference = new EchoReference();
        for (var block = 1; block <= 200; block++)
        {
            var level = (short)(block * 100);
            reference.Append([.. Enumerable.Repeat(level, 80)]);
        }
        Assert.Equal(PowerOf(200), reference.PeakPower(0, 100_000), 1e-6f);
        Assert.Equal(PowerOf(150), reference.PeakPower(140 * 80 + 5, 149 * 80 + 5), 1e-6f);
        Assert.Equal(0, reference.PeakPower(200 * 80, 300 * 80));
        // Long ago, and before the beginning.
        Assert.Equal(0, reference.PeakPower(-1000, 71 * 80));
        Assert.Equal(PowerOf(73), reference.PeakPower(-960, 72 * 80), 1e-6f);
        Assert.Equal(PowerOf(150) + PowerOf(151), reference.SumOfPowers(149 * 80, 150 * 80 + 79), 1e-6f);

        static float PowerOf(int block) => block * 100f * (block * 100f) / (32768f * 32768f);
    }
}
