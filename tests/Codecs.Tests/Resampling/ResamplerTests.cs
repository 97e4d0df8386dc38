namespace VoiceGateway.Codecs.Tests;

public class ResamplerTests
{
    public static TheoryData<int, int> Rates => new() { { 8000, 16000 }, { 16000, 8000 }, { 24000, 8000 }, { 24000, 16000 } };

    public static TheoryData<int, int, int> RatesAndChunks
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (var (from, to) in new[] { (8000, 16000), (16000, 8000), (24000, 8000), (24000, 16000), (22050, 8000), (8000, 8000) })
                foreach (var chunk in new[] { 1, 2, 7, 160, 479, 480, 481, 5000 })
                    data.Add(from, to, chunk);
            return data;
        }
    }

    [Theory, MemberData(nameof(RatesAndChunks))]
    public void Process_InChunks_EqualsWhole(int from, int to, int chunk)
    {
        var input = Signal.WhiteNoise(-12, 12_345);
        var whole = Convert(Resampler.Create(from, to), input);

        var resampler = Resampler.Create(from, to);
        var chunked = new List<short>();
        for (var at = 0; at < input.Length; at += chunk)
        {
            var part = input.AsSpan(at, Math.Min(chunk, input.Length - at));
            var output = new short[resampler.MaxOutputSamples(part.Length)];
            chunked.AddRange(output[..resampler.Process(part, output)]);
        }

        Assert.Equal(whole, chunked);
        Assert.Equal((long)input.Length * to / from, whole.Length);
    }

    [Fact]
    public void Process_RandomChunksWithEmptyOnes_EqualsWhole()
    {
        var random = new Random(3);
        var input = Signal.WhiteNoise(-12, 50_000);
        var whole = Convert(Resampler.From24To8kHz(), input);
        var resampler = Resampler.From24To8kHz();
        var chunked = new List<short>();
        for (var at = 0; at < input.Length;)
        {
            var part = input.AsSpan(at, Math.Min(random.Next(0, 900), input.Length - at));
            var output = new short[resampler.MaxOutputSamples(part.Length)];
            chunked.AddRange(output[..resampler.Process(part, output)]);
            at += part.Length;
        }
        Assert.Equal(whole, chunked);
    }

    [Theory]
    [InlineData(8000, 16000, 160, 320)]
    [InlineData(16000, 8000, 320, 160)]
    [InlineData(24000, 8000, 480, 160)]
    [InlineData(24000, 16000, 480, 320)]
    public void Process_TwentyMilliseconds_GivesTwentyMillisecondsFromTheFirstChunkOn(int from, int to, int samplesIn, int samplesOut)
    {
        var resampler = Resampler.Create(from, to);
        var output = new short[samplesOut];
        for (var i = 0; i < 100; i++)
            Assert.Equal(samplesOut, resampler.Process(new short[samplesIn], output));
        Assert.Equal(samplesOut, resampler.MaxOutputSamples(samplesIn));
    }

    [Theory, MemberData(nameof(Rates))]
    public void Gain_UpTo3400Hz_IsFlatWithin0Point05Db(int from, int to)
    {
        foreach (var frequency in new[] { 50, 200, 300, 500, 1000, 1500, 2000, 2500, 3000, 3200, 3300, 3350, 3400 })
            Assert.InRange(GainDb(from, to, frequency, frequency), -0.05, 0.05);
    }

    [Fact]
    public void Gain_From24To16kHz_IsFlatTo7400Hz()
    {
        for (var frequency = 3500; frequency <= 7400; frequency += 150)
            Assert.InRange(GainDb(24000, 16000, frequency, frequency), -0.05, 0.05);
    }

    [Theory]
    [InlineData(16000, 8000)]
    [InlineData(24000, 8000)]
    public void Alias_OntoThePassBand_IsAtLeast80DbDown(int from, int to)
    {
        for (var frequency = 4600; frequency < from / 2; frequency += 41)
        {
            var alias = Math.Abs(frequency - (int)Math.Round((double)frequency / to) * to);
            if (alias > 20)
                Assert.InRange(GainDb(from, to, frequency, alias), -200, -80);
        }
    }

    [Fact]
    public void Alias_From24To16kHz_IsAtLeast80DbDown()
    {
        for (var frequency = 8600; frequency < 11_990; frequency += 41)
            Assert.InRange(GainDb(24000, 16000, frequency, 16000 - frequency), -200, -80);
    }

    [Fact]
    public void Image_From8To16kHz_IsAtLeast80DbDown()
    {
        for (var frequency = 20; frequency <= 3400; frequency += 41)
            Assert.InRange(GainDb(8000, 16000, frequency, 8000 - frequency), -200, -80);
    }

    [Theory, MemberData(nameof(Rates))]
    public void Impulse_PeaksAfterTheStatedDelay(int from, int to)
    {
        var resampler = Resampler.Create(from, to);
        Assert.InRange(resampler.Delay.TotalMilliseconds, 1.5, 2.1);

        // An impulse at an instant that both rates have in common.
        var input = new short[2400];
        input[1200] = 20_000;
        var output = Convert(resampler, input);
        var peak = Array.IndexOf(output, output.Max());
        var expected = 1200.0 / from + resampler.Delay.TotalSeconds;
        Assert.Equal(expected * to, peak, 0.001);
    }

    /// <summary>Full scale, each sample with the sign of its tap: the largest sum there can be.</summary>
    [Theory, MemberData(nameof(Rates))]
    public void WorstInput_IsClippedNotWrapped(int from, int to)
    {
        const int Length = 360;
        var responses = new short[Length][];
        for (var i = 0; i < Length; i++)
        {
            var impulse = new short[Length];
            impulse[i] = short.MaxValue;
            responses[i] = Convert(Resampler.Create(from, to), impulse);
        }
        var middle = Length / 2 * to / from;
        for (var at = middle; at < middle + 6; at++)
        {
            // A copied sample has no neighbours to add up with.
            var taps = responses.Count(response => response[at] != 0);
            var (up, down) = (new short[Length], new short[Length]);
            for (var i = 0; i < Length; i++)
                (up[i], down[i]) = responses[i][at] < 0 ? (short.MinValue, short.MaxValue) : (short.MaxValue, short.MinValue);
            Assert.Equal(short.MaxValue, Convert(Resampler.Create(from, to), up)[at]);
            Assert.Equal(short.MinValue, Convert(Resampler.Create(from, to), down)[at]);
            Assert.True(taps == 1 || taps > 20, $"{taps} taps");
        }
    }

    [Theory, MemberData(nameof(Rates))]
    public void Dc_AtAnyLevel_ComesOutUnchangedAndClean(int from, int to)
    {
        foreach (var level in new short[] { 1, -1, 1000, -12345, 32767, -32768 })
        {
            var input = new short[4800];
            Array.Fill(input, level);
            var output = Convert(Resampler.Create(from, to), input);
            Assert.All(output[200..], s => Assert.Equal(level, s));
        }
    }

    [Theory, MemberData(nameof(Rates))]
    public void FullScaleSquareWave_IsClippedNotWrapped(int from, int to)
    {
        var input = new short[4800];
        for (var i = 0; i < input.Length; i++)
            input[i] = i / (from / 500) % 2 == 0 ? short.MaxValue : short.MinValue;
        var output = Convert(Resampler.Create(from, to), input);

        // A wrapped overshoot would turn a peak into its opposite: neighbours a full scale apart, twice.
        Assert.Contains(short.MaxValue, output);
        Assert.Contains(short.MinValue, output);
        for (var i = 201; i < output.Length - 1; i++)
            Assert.False(Math.Abs(output[i] - output[i - 1]) > 50_000 && Math.Abs(output[i + 1] - output[i]) > 50_000);
    }

    [Theory, MemberData(nameof(Rates))]
    public void Sine_InBand_ComesOutWithTheNoiseOfRoundingOnly(int from, int to)
    {
        var output = Convert(Resampler.Create(from, to), Signal.Sine(1000, -6, from, from));
        var steady = output.AsSpan(to / 10, to / 2).ToArray();
        var ratio = SineFit.ResidualDb(steady, 1000, to);
        Assert.InRange(ratio, -200, -78);
    }

    [Theory, MemberData(nameof(Rates))]
    public void Process_AnyChunkLength_AllocatesNothing(int from, int to)
    {
        var resampler = Resampler.Create(from, to);
        var input = Signal.WhiteNoise(-12, 5000);
        var output = new short[resampler.MaxOutputSamples(5000)];
        Assert.Equal(0, Allocations.Of(() =>
        {
            resampler.Process(input.AsSpan(0, 480), output);
            resampler.Process(input.AsSpan(0, 7), output);
            resampler.Process(input, output);
        }));
    }

    [Fact]
    public void Reset_AfterLoudSound_StartsAsNew()
    {
        var input = Signal.WhiteNoise(-20, 1000);
        var resampler = Resampler.From24To8kHz();
        Convert(resampler, Signal.WhiteNoise(-6, 1001));
        resampler.Reset();
        Assert.Equal(Convert(Resampler.From24To8kHz(), input), Convert(resampler, input));
    }

    [Fact]
    public void Process_OutputTooSmall_ThrowsAndTakesNoInput()
    {
        var input = Signal.WhiteNoise(-20, 480);
        var resampler = Resampler.From24To8kHz();
        Assert.Throws<ArgumentException>(() => resampler.Process(input, new short[159]));
        Assert.Equal(Convert(Resampler.From24To8kHz(), input), Convert(resampler, input));
    }

    [Theory]
    [InlineData(7999, 16000)]
    [InlineData(8000, 0)]
    [InlineData(96000, 8000)]
    public void Create_RatesOutOfRange_Throws(int from, int to) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.Create(from, to));

    [Theory]
    [InlineData(11025, 16000)]
    [InlineData(44100, 48000)]
    [InlineData(22050, 8000)]
    [InlineData(48000, 8000)]
    public void Create_RatesOfSoundFiles_KeepTheLevel(int from, int to)
    {
        Assert.InRange(GainDb(from, to, 1000, 1000), -0.05, 0.05);
        Assert.Equal(2.125, Resampler.Create(from, to).Delay.TotalMilliseconds, 0.02);
    }

    [Fact]
    public void Create_RatesWithoutCommonDivisor_Throws() =>
        Assert.Throws<ArgumentException>(() => Resampler.Create(47_999, 8001));

    [Fact]
    public void Description_NamesTheRates()
    {
        Assert.Equal("Resample(8000->16000)", Resampler.From8To16kHz().ToString());
        Assert.Equal((24000, 8000), (Resampler.From24To8kHz().InputRateHz, Resampler.From24To8kHz().OutputRateHz));
    }

    private static short[] Convert(Resampler resampler, short[] input)
    {
        var output = new short[resampler.MaxOutputSamples(input.Length)];
        return output[..resampler.Process(input, output)];
    }

    /// <summary>Level of one frequency at the output, over that of the sine that went in.</summary>
    private static double GainDb(int from, int to, int frequencyIn, int frequencyOut)
    {
        const double level = -4;
        var output = Convert(Resampler.Create(from, to), Signal.Sine(frequencyIn, level, from, from / 2, phase: 0.3));
        return SineFit.LevelDbov(output.AsSpan(to / 20), frequencyOut, to) - level;
    }
}
