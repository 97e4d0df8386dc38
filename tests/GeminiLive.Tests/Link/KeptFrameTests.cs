namespace VoiceGateway.GeminiLive.Tests;

public sealed class KeptFrameTests
{
    [Fact]
    public void Speech_IsThereAgain_25DbAboveWhatIsLost()
    {
        // Harmonics of a voice that glides, louder and softer, as a telephone has them.
        var pcm = new short[PcmFormat.SamplesPerFrame * 100];
        for (var (i, phase) = (0, 0.0); i < pcm.Length; i++)
        {
            phase += 2 * Math.PI * (140 + (40 * Math.Sin(i / 9000.0))) / PcmFormat.UplinkRateHz;
            for (var n = 1; n <= 20; n++) pcm[i] += (short)(5000.0 / n * (1 + Math.Sin(i / 1500.0)) / 2 * Math.Sin((n * phase) + (n * n)));
        }

        double signal = 0, error = 0;
        for (var at = 0; at < pcm.Length; at += PcmFormat.SamplesPerFrame)
        {
            var frame = pcm.AsSpan(at, PcmFormat.SamplesPerFrame);
            var again = Again(frame, voiced: true);
            for (var i = 0; i < frame.Length; i++)
            {
                signal += frame[i] * frame[i];
                error += Math.Pow(frame[i] - again[i], 2);
            }
        }

        Assert.InRange(10 * Math.Log10(signal / error), 25, 60);
    }

    [Fact]
    public void Silence_StaysDigitalSilence() => Assert.Equal(new short[PcmFormat.SamplesPerFrame], Again(new short[PcmFormat.SamplesPerFrame], voiced: false));

    [Fact]
    public void Noise_OfAnyLevel_StaysWithinItself()
    {
        var random = new Random(3);
        foreach (var level in (int[])[3, 30, 300, 3000, 32767])
        {
            var frame = new short[PcmFormat.SamplesPerFrame];
            for (var i = 0; i < frame.Length; i++) frame[i] = (short)random.Next(-level, level + 1);
            var again = Again(frame, voiced: true);
            Assert.Equal(frame[0], again[0]);
            double signal = frame.Sum(static s => (double)s * s), error = frame.Zip(again, static (a, b) => Math.Pow(a - b, 2)).Sum();
            Assert.True(error < signal / 10, $"{level}: {10 * Math.Log10(signal / error):0.0} dB");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Voiced_IsKept(bool voiced)
    {
        var kept = new byte[KeptFrame.Length];
        KeptFrame.Write(new short[PcmFormat.SamplesPerFrame], voiced, kept);
        Assert.Equal(voiced, KeptFrame.IsVoiced(kept));
    }

    private static short[] Again(ReadOnlySpan<short> frame, bool voiced)
    {
        var kept = new byte[KeptFrame.Length];
        KeptFrame.Write(frame, voiced, kept);
        var again = new short[PcmFormat.SamplesPerFrame];
        KeptFrame.Read(kept, again);
        return again;
    }
}
