using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>
/// ITU-T G.711 companding, bit-exact for all inputs. Linear samples are left-justified 16 bit, codes are as on the wire.
/// </summary>
/// <remarks>Each method converts the whole source, returns its length and throws <see cref="ArgumentException"/> when the destination is shorter.</remarks>
public static class G711
{
    public static int EncodeMuLaw(ReadOnlySpan<short> pcm, Span<byte> codes) => Encode<MuLaw>(pcm, codes);

    public static int EncodeALaw(ReadOnlySpan<short> pcm, Span<byte> codes) => Encode<ALaw>(pcm, codes);

    public static int DecodeMuLaw(ReadOnlySpan<byte> codes, Span<short> pcm) => Decode<MuLaw>(codes, pcm);

    public static int DecodeALaw(ReadOnlySpan<byte> codes, Span<short> pcm) => Decode<ALaw>(codes, pcm);

    private static int Encode<TLaw>(ReadOnlySpan<short> pcm, Span<byte> codes) where TLaw : struct, ICompandingLaw
    {
        if (codes.Length < pcm.Length)
            throw new ArgumentException($"{pcm.Length} samples need as many bytes, but there is room for {codes.Length}.", nameof(codes));

        var i = 0;
        for (; i <= pcm.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            Vector.Narrow(TLaw.Compress(new Vector<short>(pcm[i..])), TLaw.Compress(new Vector<short>(pcm[(i + Vector<short>.Count)..]))).CopyTo(codes[i..]);
        for (; i < pcm.Length; i++)
            codes[i] = TLaw.Compress(pcm[i]);
        return pcm.Length;
    }

    private static int Decode<TLaw>(ReadOnlySpan<byte> codes, Span<short> pcm) where TLaw : struct, ICompandingLaw
    {
        if (pcm.Length < codes.Length)
            throw new ArgumentException($"{codes.Length} bytes need as many samples, but there is room for {pcm.Length}.", nameof(pcm));

        var i = 0;
        for (; i <= codes.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(codes[i..]), out var low, out var high);
            TLaw.Expand(low).CopyTo(pcm[i..]);
            TLaw.Expand(high).CopyTo(pcm[(i + Vector<short>.Count)..]);
        }
        for (; i < codes.Length; i++)
            pcm[i] = TLaw.Expand(codes[i]);
        return codes.Length;
    }
}
