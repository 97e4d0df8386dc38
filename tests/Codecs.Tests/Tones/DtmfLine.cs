namespace VoiceGateway.Codecs.Tests;

/// <summary>Digits as a line may bring them: off in frequency, out of balance, weak, noisy; and what a detector makes of them.</summary>
internal static class DtmfLine
{
    public const string Digits = "0123456789ABCD*#";

    /// <summary>Two tones, without ramps, clipped where they are too loud together.</summary>
    public static short[] Tone(char digit, double milliseconds, double lowDbm0 = -10, double highDbm0 = -10, double lowOffset = 0, double highOffset = 0, double phase = 0)
    {
        Assert.True(DtmfTones.TryGetFrequencies(digit, out var low, out var high));
        var samples = (int)Math.Round(milliseconds * 8);
        return Signal.Add(
            Signal.Sine(low * (1 + lowOffset), lowDbm0 + DtmfTones.Dbm0InDbov, 8000, samples, phase),
            Signal.Sine(high * (1 + highOffset), highDbm0 + DtmfTones.Dbm0InDbov, 8000, samples, 2.3 * phase));
    }

    /// <summary>What is heard of it, in chunks of 20 ms, with silence before and after.</summary>
    public static string Hear(short[] pcm, int silenceBefore = 160) => HearAll(Signal.Concat(new short[silenceBefore], pcm, new short[800]));

    public static string HearAll(short[] pcm)
    {
        var detector = new DtmfDetector();
        var heard = "";
        foreach (var chunk in pcm.Chunk(160))
            if (detector.Process(chunk) is { } digit) heard += digit;
        return heard;
    }

    public static short[] ThroughMuLaw(short[] pcm)
    {
        var codes = new byte[pcm.Length];
        var result = new short[pcm.Length];
        G711.EncodeMuLaw(pcm, codes);
        G711.DecodeMuLaw(codes, result);
        return result;
    }
}
