namespace VoiceGateway.Codecs.Tests;

/// <summary>Bit streams and samples as libspandsp has them, a minute of each signal.</summary>
public class G722AgainstSpandspTests
{
    public static TheoryData<string> Signals => WidebandSignals.Names;

    [SkippableTheory, MemberData(nameof(Signals))]
    public void Encode_AMinute_IsTheSameBitStream(string signal)
    {
        Spandsp.Require();
        using var judge = new SpandspG722();
        var pcm = WidebandSignals.Of(signal);
        Assert.Equal(judge.Encode(pcm), Encode(pcm));
    }

    [SkippableTheory, MemberData(nameof(Signals))]
    public void Decode_AMinute_IsTheSameSamples(string signal)
    {
        Spandsp.Require();
        using var judge = new SpandspG722();
        var codes = Encode(WidebandSignals.Of(signal));
        AssertSame(judge.Decode(codes), Decode(codes));
    }

    [SkippableFact]
    public void Decode_RandomBytes_IsTheSameSamples()
    {
        // Among them the codes that no encoder sends, and steps from the smallest to the largest.
        Spandsp.Require();
        using var judge = new SpandspG722();
        var codes = new byte[480_000];
        new Random(11).NextBytes(codes);
        AssertSame(judge.Decode(codes), Decode(codes));
    }

    /// <summary>
    /// Every sample, but where the last sum does not fit 16 bits: the standard limits it and so do we, while this version of libspandsp lets
    /// it wrap to the other end of the range, which is a click.
    /// </summary>
    private static void AssertSame(short[] judged, short[] ours)
    {
        for (var i = 0; i < ours.Length; i++)
            if (ours[i] is short.MinValue or short.MaxValue && Math.Sign(judged[i]) == -Math.Sign(ours[i])) judged[i] = ours[i];
        Assert.Equal(judged, ours);
    }

    private static byte[] Encode(short[] pcm)
    {
        var codes = new byte[pcm.Length / 2];
        new G722Codec().Encode(pcm, codes);
        return codes;
    }

    private static short[] Decode(byte[] codes)
    {
        var pcm = new short[2 * codes.Length];
        new G722Codec().Decode(codes, pcm);
        return pcm;
    }
}
