using Xunit.Abstractions;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class KeptFrameTests(ITestOutputHelper output)
{
    /// <summary>As wide as the line, with the overtones that it lets through, and as hissing as consonants are.</summary>
    [Theory]
    [InlineData(KeptFrame.NarrowLength, 3400, 0, 30)]
    [InlineData(KeptFrame.NarrowLength, 3400, 1, 25)]
    [InlineData(KeptFrame.WideLength, 3400, 0, 38)]
    [InlineData(KeptFrame.WideLength, 7000, 0, 32)]
    [InlineData(KeptFrame.WideLength, 7000, 1, 25)]
    public void Speech_IsThereAgain_FarAboveWhatIsLost(int length, int bandHz, double hiss, double leastDb)
    {
        var pcm = Voice(seconds: 4, bandHz, hiss);
        var signalToNoise = SignalToNoise(pcm, Again(pcm, length));
        output.WriteLine($"{signalToNoise:F1} dB");
        Assert.InRange(signalToNoise, leastDb, 60);
    }

    /// <summary>What the line itself sent is exact but for its four bits; what was put in between is put there again, across the borders of frames.</summary>
    [Fact]
    public void NarrowbandTone_NearTheEdgeOfTheBand_HasNoSeams()
    {
        foreach (var hz in (int[])[300, 1000, 2000, 3000, 3400])
        {
            var pcm = new short[50 * PcmFormat.SamplesPerFrame];
            for (var i = 0; i < pcm.Length; i++) pcm[i] = (short)(8000 * Math.Sin(2 * Math.PI * hz * i / PcmFormat.UplinkRateHz));
            var again = Again(pcm, KeptFrame.NarrowLength);
            // The outermost have only one neighbour.
            var inner = PcmFormat.SamplesPerFrame..^PcmFormat.SamplesPerFrame;
            Assert.InRange(SignalToNoise(pcm.AsSpan()[inner], again.AsSpan()[inner]), 20, 60);
            for (var at = 2 * PcmFormat.SamplesPerFrame; at < pcm.Length - PcmFormat.SamplesPerFrame; at += PcmFormat.SamplesPerFrame)
                for (var i = at - 20; i < at + 20; i++) Assert.InRange(Math.Abs(pcm[i] - again[i]), 0, 2500);
        }
    }

    [Theory]
    [InlineData(KeptFrame.NarrowLength)]
    [InlineData(KeptFrame.WideLength)]
    public void Silence_StaysDigitalSilence(int length)
    {
        var silence = new short[3 * PcmFormat.SamplesPerFrame];
        Assert.Equal(silence, Again(silence, length));
    }

    [Theory]
    [InlineData(KeptFrame.NarrowLength)]
    [InlineData(KeptFrame.WideLength)]
    public void Noise_OfAnyLevel_StaysWithinItself(int length)
    {
        var random = new Random(3);
        foreach (var level in (int[])[3, 30, 300, 3000, 32767])
        {
            var frame = new short[PcmFormat.SamplesPerFrame];
            for (var i = 0; i < frame.Length; i++) frame[i] = (short)random.Next(-level, level + 1);
            var again = Again(frame, length);
            // Of a narrowband frame only the odd samples are the line's.
            if (length == KeptFrame.NarrowLength) (frame, again) = (Odd(frame), Odd(again));
            Assert.True(SignalToNoise(frame, again) > 17, $"{level}: {SignalToNoise(frame, again):0.0} dB");
        }
    }

    [Theory]
    [InlineData(KeptFrame.NarrowLength)]
    [InlineData(KeptFrame.WideLength)]
    public void FullScaleSquare_IsClippedNeverWrapped(int length)
    {
        var frame = new short[PcmFormat.SamplesPerFrame];
        for (var i = 0; i < frame.Length; i++) frame[i] = i / 16 % 2 == 0 ? short.MaxValue : short.MinValue;
        var (now, again) = (Odd(frame), Odd(Again(frame, length)));
        for (var i = 0; i < now.Length; i++) Assert.Equal(Math.Sign(now[i]), Math.Sign(again[i]));
    }

    [Theory]
    [InlineData(KeptFrame.NarrowLength, true)]
    [InlineData(KeptFrame.NarrowLength, false)]
    [InlineData(KeptFrame.WideLength, true)]
    [InlineData(KeptFrame.WideLength, false)]
    public void Voiced_IsKept(int length, bool voiced)
    {
        var kept = new byte[length];
        KeptFrame.Write(Voice(0.02, 3400, 1), voiced, kept);
        Assert.Equal(voiced, KeptFrame.IsVoiced(kept));
    }

    /// <summary>Harmonics of a voice that glides, louder and softer; the hiss goes up and down with it.</summary>
    internal static short[] Voice(double seconds, int bandHz, double hiss = 0)
    {
        var random = new Random(7);
        var pcm = new short[(int)(seconds * PcmFormat.UplinkRateHz)];
        // Noise by its lines, so that it ends where the band does.
        var lines = Enumerable.Range(0, 200).Select(_ => (Step: 2 * Math.PI * (300 + (random.NextDouble() * (bandHz - 300))) / PcmFormat.UplinkRateHz, At: 2 * Math.PI * random.NextDouble())).ToArray();
        for (var (i, phase) = (0, 0.0); i < pcm.Length; i++)
        {
            var hz = 140 + (40 * Math.Sin(i / 9000.0));
            phase += 2 * Math.PI * hz / PcmFormat.UplinkRateHz;
            double voice = 0, noise = 0;
            for (var n = 1; n * 180 <= bandHz; n++) voice += 5000.0 / n * (1 + Math.Sin(i / 1500.0)) / 2 * Math.Sin((n * phase) + (n * n));
            if (hiss > 0)
                foreach (var line in lines) noise += 200 * hiss * (1 - Math.Sin(i / 1500.0)) / 2 * Math.Sin((line.Step * i) + line.At);
            pcm[i] = (short)(voice + noise);
        }
        return pcm;
    }

    internal static double SignalToNoise(ReadOnlySpan<short> pcm, ReadOnlySpan<short> again)
    {
        double signal = 0, error = 1e-9;
        for (var i = 0; i < pcm.Length; i++) (signal, error) = (signal + ((double)pcm[i] * pcm[i]), error + Math.Pow(pcm[i] - again[i], 2));
        return 10 * Math.Log10(signal / error);
    }

    private static short[] Odd(short[] pcm) => [.. pcm.Where(static (_, i) => i % 2 == 1)];

    internal static short[] Again(ReadOnlySpan<short> pcm, int length)
    {
        var kept = new byte[pcm.Length / PcmFormat.SamplesPerFrame][];
        for (var i = 0; i < kept.Length; i++) KeptFrame.Write(pcm.Slice(i * PcmFormat.SamplesPerFrame, PcmFormat.SamplesPerFrame), true, kept[i] = new byte[length]);
        var again = new short[pcm.Length];
        for (var i = 0; i < kept.Length; i++)
            KeptFrame.Read(i > 0 ? kept[i - 1] : [], kept[i], i < kept.Length - 1 ? kept[i + 1] : [], again.AsSpan(i * PcmFormat.SamplesPerFrame, PcmFormat.SamplesPerFrame));
        return again;
    }
}
