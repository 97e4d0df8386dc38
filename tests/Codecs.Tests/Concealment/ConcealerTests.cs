namespace VoiceGateway.Codecs.Tests;

public sealed class ConcealerTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void Good_WithoutLoss_ChangesNothing(int sampleRateHz)
    {
        var pcm = Signal.WhiteNoise(-10, sampleRateHz);
        var heard = pcm.ToArray();
        var concealer = new Concealer(sampleRateHz);
        for (var at = 0; at < heard.Length; at += 371) concealer.Good(heard.AsSpan(at, Math.Min(371, heard.Length - at)));
        Assert.Equal(pcm, heard);
    }

    /// <summary>A voice that does not change: what fills a gap is its continuation, whatever the pitch, and so is what comes after.</summary>
    [Theory]
    [InlineData(8000, 10)]
    [InlineData(8000, 20)]
    [InlineData(8000, 60)]
    [InlineData(16000, 20)]
    [InlineData(16000, 30)]
    public void Lost_OfASteadyVoice_GoesOn(int sampleRateHz, int packetMs)
    {
        foreach (var pitchHz in new[] { 80, 100, 125, 160, 200, 250, 320 })
        {
            var voice = Vowel(pitchHz, sampleRateHz, sampleRateHz);
            var packet = sampleRateHz / 1000 * packetMs;
            var heard = voice.ToArray();
            var concealer = new Concealer(sampleRateHz);
            for (var i = 0; i < heard.Length / packet; i++)
            {
                var part = heard.AsSpan(i * packet, packet);
                if (i % 8 == 7) concealer.Lost(part);
                else concealer.Good(part);
            }
            // The first 10 ms of each gap, which are at full level.
            var full = sampleRateHz / 100;
            for (var i = 15; i < heard.Length / packet; i += 8)
            {
                var error = voice.AsSpan(i * packet, full).ToArray().Zip(heard.AsSpan(i * packet, full).ToArray(), static (a, b) => (double)(a - b) * (a - b)).Sum();
                var signal = voice.AsSpan(i * packet, full).ToArray().Sum(static s => (double)s * s);
                Assert.True(10 * Math.Log10(signal / error) > 10, $"{pitchHz} Hz, gap {i}: {10 * Math.Log10(signal / error):F1} dB");
            }
        }
    }

    /// <summary>ITU-T G.711 Appendix I: as it was for 10 ms, a fifth less with every 10 ms, nothing after 60 ms.</summary>
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void Lost_Long_FadesToSilence(int sampleRateHz)
    {
        var voice = Vowel(100, sampleRateHz, sampleRateHz);
        var concealer = new Concealer(sampleRateHz);
        concealer.Good(voice);
        var level = Signal.LevelDbov(voice);
        var gap = new short[sampleRateHz / 10];
        concealer.Lost(gap);

        var tenMs = sampleRateHz / 100;
        double[] expected = [1, 0.9, 0.7, 0.5, 0.3, 0.1];
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(level + 20 * Math.Log10(expected[i]), Signal.LevelDbov(gap.AsSpan(i * tenMs, tenMs)), i < 5 ? 1.0 : 3.0);
        Assert.All(gap[(6 * tenMs)..], static sample => Assert.Equal(0, sample));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void LossAndReturn_OfSpeech_MakeNoJumps(int sampleRateHz)
    {
        var speech = Speech(sampleRateHz);
        var largest = speech.Zip(speech.Skip(1), static (a, b) => Math.Abs(b - a)).Max();
        foreach (var packetMs in new[] { 10, 20, 40 })
        {
            var packet = packetMs * sampleRateHz / 1000;
            var lost = LossyLine.Random(speech.Length / packet + 1, 0.1, seed: packetMs);
            var heard = LossyLine.Conceal(speech, lost, packet, sampleRateHz);
            var zeros = LossyLine.FillWithZeros(speech, lost, packet);
            double jumps = 0, zeroJumps = 0, voiceJumps = 0;
            for (var i = 1; i * packet < speech.Length; i++)
            {
                if (lost[i] == lost[i - 1]) continue;
                Assert.InRange(Math.Abs(heard[i * packet] - heard[i * packet - 1]), 0, largest);
                jumps += Bend(heard, i * packet);
                zeroJumps += Bend(zeros, i * packet);
                voiceJumps += Bend(speech, i * packet);
            }
            // As smooth as the voice itself at these places, or nearly.
            Assert.InRange(jumps, 0, 1.25 * voiceJumps);
            Assert.InRange(jumps, 0, 0.7 * zeroJumps);
        }
    }

    [Fact]
    public void Good_AfterALoss_IsItselfAgainAfterFourMilliseconds()
    {
        var voice = Vowel(90, 8000, 8000);
        var other = Vowel(140, 8000, 8000);
        foreach (var lostMs in new[] { 10, 20, 40, 60, 200 })
        {
            var concealer = new Concealer(8000);
            concealer.Good(voice.ToArray());
            concealer.Lost(new short[lostMs * 8]);
            Assert.True(concealer.IsConcealing);
            var back = other.ToArray();
            concealer.Good(back);
            Assert.False(concealer.IsConcealing);
            Assert.Equal(other[32..], back[32..]);
            Assert.NotEqual(other[0], back[0]);
        }
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void Chunks_OfAnyLength_GiveWhatTheWholeWould(int sampleRateHz)
    {
        var speech = Speech(sampleRateHz);
        var random = new Random(7);
        var (whole, parts) = (new Concealer(sampleRateHz), new Concealer(sampleRateHz));
        var (a, b) = (speech.ToArray(), speech.ToArray());
        for (var at = 0; at < speech.Length;)
        {
            var length = Math.Min(speech.Length - at, random.Next(1, sampleRateHz / 10));
            var isLost = random.Next(3) == 0;
            if (isLost) whole.Lost(a.AsSpan(at, length));
            else whole.Good(a.AsSpan(at, length));
            for (var done = 0; done < length;)
            {
                var take = Math.Min(length - done, random.Next(0, 200));
                if (isLost) parts.Lost(b.AsSpan(at + done, take));
                else parts.Good(b.AsSpan(at + done, take));
                done += take;
            }
            at += length;
        }
        Assert.Equal(a, b);
    }

    [Fact]
    public void Lost_BeforeAnythingWasHeard_IsSilence()
    {
        var concealer = new Concealer(8000);
        var gap = Signal.WhiteNoise(-20, 800);
        concealer.Lost(gap);
        Assert.All(gap, static sample => Assert.InRange(sample, -1, 1));
    }

    [Fact]
    public void Lost_AfterTheLoudestThereIs_DoesNotWrap()
    {
        var square = Enumerable.Range(0, 1600).Select(static i => i / 31 % 2 == 0 ? short.MaxValue : short.MinValue).ToArray();
        var concealer = new Concealer(8000);
        concealer.Good(square.ToArray());
        var gap = new short[80];
        concealer.Lost(gap);
        // Where the wave was at the top a wrapped sample would be at the bottom.
        var wrong = gap.Where((sample, i) => Math.Abs(sample - (square[i + 1600 - 62 * 25] > 0 ? 32767 : -32768)) > 60000).Count();
        Assert.InRange(wrong, 0, 4);
    }

    [Fact]
    public void Reset_ForgetsTheVoice()
    {
        var concealer = new Concealer(8000);
        concealer.Good(Vowel(100, 8000, 8000));
        concealer.Lost(new short[160]);
        concealer.Reset();
        var next = Signal.WhiteNoise(-20, 160);
        var before = next.ToArray();
        concealer.Good(next);
        Assert.Equal(before, next);
        concealer.Reset();
        concealer.Lost(next);
        Assert.All(next, static sample => Assert.InRange(sample, -1, 1));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void GoodAndLost_AllocateNothing(int sampleRateHz)
    {
        var concealer = new Concealer(sampleRateHz);
        var pcm = Signal.WhiteNoise(-20, sampleRateHz / 50);
        Assert.Equal(0, Allocations.Of(() =>
        {
            concealer.Good(pcm);
            concealer.Lost(pcm);
            concealer.Lost(pcm);
        }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(44100)]
    public void OtherRates_AreRefused(int sampleRateHz) => Assert.Throws<ArgumentOutOfRangeException>(() => new Concealer(sampleRateHz));

    // A pulse train through two resonances; every pulse the same.
    private static short[] Vowel(double pitchHz, int sampleRateHz, int samples)
    {
        var pcm = new short[samples];
        for (var i = 0; i < samples; i++)
        {
            var sum = 0.0;
            for (var harmonic = 1; harmonic * pitchHz < 3400; harmonic++)
            {
                var hz = harmonic * pitchHz;
                var gain = 1 / (1 + Math.Pow((hz - 500) / 150, 2)) + 0.4 / (1 + Math.Pow((hz - 1500) / 200, 2));
                sum += gain * Math.Cos(2 * Math.PI * hz * i / sampleRateHz + harmonic * harmonic);
            }
            pcm[i] = (short)(2500 * sum);
        }
        return pcm;
    }

    private static short[] Speech(int sampleRateHz)
    {
        var speech = DuplexLine.Voice("agent-f");
        if (sampleRateHz == 8000) return speech;
        var wide = new short[2 * speech.Length];
        Resampler.From8To16kHz().Process(speech, wide);
        return wide;
    }

    // How sharply the wave bends over the border between two packets.
    private static double Bend(short[] pcm, int at) =>
        Math.Abs(pcm[at] - 2.0 * pcm[at - 1] + pcm[at - 2]) + Math.Abs(pcm[at + 1] - 2.0 * pcm[at] + pcm[at - 1]);
}
