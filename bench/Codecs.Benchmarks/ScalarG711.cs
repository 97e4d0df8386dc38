namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>The two usual ways to write G.711 without vectors: searching for the segment, and a table of all 65,536 inputs.</summary>
internal static class ScalarG711
{
    private static readonly byte[] MuLawCodes = Build(MuLawBySearch);
    private static readonly byte[] ALawCodes = Build(ALawBySearch);
    private static readonly short[] MuLawSamples = Decoded(G711.DecodeMuLaw);
    private static readonly short[] ALawSamples = Decoded(G711.DecodeALaw);

    private delegate int Decoder(ReadOnlySpan<byte> codes, Span<short> pcm);

    public static void EncodeBySearch(bool muLaw, ReadOnlySpan<short> pcm, Span<byte> codes)
    {
        if (muLaw)
            for (var i = 0; i < pcm.Length; i++)
                codes[i] = MuLawBySearch(pcm[i]);
        else
            for (var i = 0; i < pcm.Length; i++)
                codes[i] = ALawBySearch(pcm[i]);
    }

    public static void EncodeByTable(bool muLaw, ReadOnlySpan<short> pcm, Span<byte> codes)
    {
        var table = muLaw ? MuLawCodes : ALawCodes;
        for (var i = 0; i < pcm.Length; i++)
            codes[i] = table[(ushort)pcm[i]];
    }

    public static void DecodeByTable(bool muLaw, ReadOnlySpan<byte> codes, Span<short> pcm)
    {
        var table = muLaw ? MuLawSamples : ALawSamples;
        for (var i = 0; i < codes.Length; i++)
            pcm[i] = table[codes[i]];
    }

    private static byte MuLawBySearch(short sample)
    {
        var magnitude = Math.Min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1FFF);
        var segment = 0;
        while (magnitude >> (segment + 6) != 0)
            segment++;
        var code = (segment << 4) | ((magnitude >> (segment + 1)) & 0x0F);
        return (byte)((sample < 0 ? code | 0x80 : code) ^ 0xFF);
    }

    private static byte ALawBySearch(short sample)
    {
        var magnitude = (sample < 0 ? ~sample : sample) >> 4;
        var segment = 0;
        while (magnitude >> (segment + 5) != 0)
            segment++;
        var code = magnitude < 32 ? magnitude : ((segment + 1) << 4) | ((magnitude >> segment) & 0x0F);
        return (byte)((sample < 0 ? code | 0x80 : code) ^ 0xD5);
    }

    private static byte[] Build(Func<short, byte> encode)
    {
        var table = new byte[65536];
        for (var i = 0; i < table.Length; i++)
            table[i] = encode((short)(ushort)i);
        return table;
    }

    private static short[] Decoded(Decoder decode)
    {
        var pcm = new short[256];
        decode([.. Enumerable.Range(0, 256).Select(i => (byte)i)], pcm);
        return pcm;
    }
}
