namespace VoiceGateway.Codecs.Tests;

public class BandSplitterTests
{
    public static TheoryData<int> Chunks => [2, 34, 160, 318, 320];

    [Theory, MemberData(nameof(Chunks))]
    public void Join_Untouched_IsTheInputDelayed(int chunk)
    {
        foreach (var input in new[] { Signal.WhiteNoise(-3, 16000), WidebandSignals.Of("extremes")[..16000], WidebandSignals.Speech() })
        {
            var output = Through(input, chunk, static _ => 1);
            Assert.Equal(input[..^BandSplitter.DelaySamples], output[BandSplitter.DelaySamples..]);
            Assert.All(output[..BandSplitter.DelaySamples], static s => Assert.Equal(0, s));
        }
    }

    [Theory, MemberData(nameof(Chunks))]
    public void Split_InChunks_EqualsWhole(int chunk)
    {
        var input = Signal.WhiteNoise(-12, 19_200);
        Assert.Equal(Low(input, 320), Low(input, chunk));
    }

    [Theory, MemberData(nameof(Chunks))]
    public void Join_ChangedInChunks_EqualsWhole(int chunk)
    {
        var input = Signal.WhiteNoise(-12, 19_200);
        // By its place in the stream, whatever the chunks are.
        void Quieter(int at, Span<short> low)
        {
            for (var i = 0; i < low.Length; i++)
                if ((at + i) / 700 % 2 == 0) low[i] = (short)(low[i] / 4);
        }
        Assert.Equal(Through(input, 320, static _ => 1, Quieter), Through(input, chunk, static _ => 1, Quieter));
    }

    [Fact]
    public void Split_TonesBelow3400Hz_KeepTheirLevel()
    {
        foreach (var frequency in new[] { 50, 300, 1000, 2000, 3000, 3400 })
        {
            var low = Low(Signal.Sine(frequency, -12, 16000, 32000), 320);
            Assert.InRange(SineFit.LevelDbov(low.AsSpan(4000), frequency, 8000), -12.02, -11.98);
        }
    }

    [Fact]
    public void Split_TonesAbove4600Hz_Are70DbDown()
    {
        foreach (var frequency in new[] { 4600, 5000, 6000, 7000, 7900 })
        {
            var low = Low(Signal.Sine(frequency, -4, 16000, 32000), 320);
            var level = SineFit.LevelDbov(low.AsSpan(4000), 8000 - frequency, 8000);
            Assert.True(level < -78, $"{level:F1} dB from {frequency} Hz");
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3000)]
    public void Join_LowBandSilenced_LeavesTheHighBandAlone(double frequencyHz)
    {
        var input = Signal.Add(Signal.Sine(frequencyHz, -15, 16000, 32000), Signal.Sine(6000, -15, 16000, 32000));
        var output = Through(input, 320, static _ => 1, static (_, low) => low.Clear()).AsSpan(8000);
        Assert.InRange(SineFit.LevelDbov(output, frequencyHz, 16000), double.NegativeInfinity, -75);
        Assert.InRange(SineFit.LevelDbov(output, 6000, 16000), -15.05, -14.95);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(3400)]
    public void Join_HighBandSilenced_LeavesTheLowBandAlone(double frequencyHz)
    {
        var input = Signal.Add(Signal.Sine(frequencyHz, -15, 16000, 32000), Signal.Sine(6000, -15, 16000, 32000));
        var output = Through(input, 320, static _ => 0).AsSpan(8000);
        Assert.InRange(SineFit.LevelDbov(output, frequencyHz, 16000), -15.05, -14.95);
        Assert.InRange(SineFit.LevelDbov(output, 6000, 16000), double.NegativeInfinity, -80);
    }

    [Fact]
    public void Join_HighGainOnAndOff_ComesBackToTheInput()
    {
        var input = Signal.WhiteNoise(-12, 16_000);
        var output = Through(input, 320, static at => at is >= 3200 and < 6400 ? 0 : 1);
        Assert.Equal(input[6800..^BandSplitter.DelaySamples], output[(6800 + BandSplitter.DelaySamples)..]);
        Assert.Equal(input[..(3200 - BandSplitter.DelaySamples)], output[BandSplitter.DelaySamples..3200]);
    }

    [Fact]
    public void Join_HighGainSteps_DoNotClick()
    {
        // A tone that is wholly in the upper half, switched off: what is heard elsewhere is the click.
        var input = Signal.Sine(6000, -10, 16000, 16000);
        var output = Through(input, 320, static at => at < 6400 ? 1 : 0);
        var low = Low(output, 320).AsSpan(3200 - 160, 480);
        Assert.InRange(Signal.LevelDbov(low), double.NegativeInfinity, -60);
    }

    [Fact]
    public void SplitAndJoin_WrongLengths_Throw()
    {
        var splitter = new BandSplitter();
        Assert.Throws<ArgumentException>(() => splitter.Split(new short[321], new short[480]));
        Assert.Throws<ArgumentException>(() => splitter.Split(new short[BandSplitter.MaxSamples + 2], new short[960]));
        Assert.Throws<ArgumentException>(() => splitter.Split(new short[320], new short[159]));
        Assert.Equal(160, splitter.Split(new short[320], new short[160]));
        Assert.Throws<ArgumentException>(() => splitter.Join(new short[159], 1, new short[320]));
        Assert.Throws<ArgumentException>(() => splitter.Join(new short[160], 1, new short[319]));
        Assert.Equal(320, splitter.Join(new short[160], 1, new short[320]));
    }

    [Fact]
    public void SplitAndJoin_Frames_AllocateNothing()
    {
        var (splitter, pcm, low) = (new BandSplitter(), Signal.WhiteNoise(-20, 320), new short[160]);
        Assert.Equal(0, Allocations.Of(() =>
        {
            splitter.Split(pcm, low);
            low[7] ^= 64;
            splitter.Join(low, 0.5f, pcm);
        }));
    }

    private delegate void LowBandChange(int at, Span<short> low);

    private static short[] Through(short[] input, int chunk, Func<int, float> highGain, LowBandChange? change = null)
    {
        var (splitter, output, low) = (new BandSplitter(), new short[input.Length], new short[chunk / 2]);
        for (var at = 0; at < input.Length; at += chunk)
        {
            var part = input.AsSpan(at, Math.Min(chunk, input.Length - at) & ~1);
            var band = low.AsSpan(0, splitter.Split(part, low));
            change?.Invoke(at / 2, band);
            splitter.Join(band, highGain(at), output.AsSpan(at));
        }
        return output;
    }

    private static short[] Low(short[] input, int chunk)
    {
        var (splitter, output) = (new BandSplitter(), new short[input.Length / 2]);
        for (var at = 0; at < input.Length; at += chunk)
        {
            var low = output.AsSpan(at / 2, splitter.Split(input.AsSpan(at, Math.Min(chunk, input.Length - at)), output.AsSpan(at / 2)));
            splitter.Join(low, 1, new short[chunk]);
        }
        return output;
    }
}
