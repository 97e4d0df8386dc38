using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs.Tests;

/// <summary>G.722 at 64 kbit/s by libspandsp, which here is the judge.</summary>
internal sealed partial class SpandspG722 : IDisposable
{
    private const int BitRate = 64000;

    private readonly nint _encoder = EncoderInit(0, BitRate, 0);
    private readonly nint _decoder = DecoderInit(0, BitRate, 0);

    public byte[] Encode(short[] pcm)
    {
        var codes = new byte[pcm.Length / 2];
        Assert.Equal(codes.Length, Encode(_encoder, codes, pcm, pcm.Length));
        return codes;
    }

    public short[] Decode(byte[] codes)
    {
        var pcm = new short[2 * codes.Length];
        Assert.Equal(pcm.Length, Decode(_decoder, pcm, codes, codes.Length));
        return pcm;
    }

    public void Dispose()
    {
        _ = EncoderFree(_encoder);
        _ = DecoderFree(_decoder);
    }

    [LibraryImport(Spandsp.Library, EntryPoint = "g722_encode_init")]
    private static partial nint EncoderInit(nint state, int rate, int options);

    [LibraryImport(Spandsp.Library, EntryPoint = "g722_encode")]
    private static partial int Encode(nint state, byte[] codes, short[] pcm, int samples);

    [LibraryImport(Spandsp.Library, EntryPoint = "g722_encode_free")]
    private static partial int EncoderFree(nint state);

    [LibraryImport(Spandsp.Library, EntryPoint = "g722_decode_init")]
    private static partial nint DecoderInit(nint state, int rate, int options);

    [LibraryImport(Spandsp.Library, EntryPoint = "g722_decode")]
    private static partial int Decode(nint state, short[] pcm, byte[] codes, int bytes);

    [LibraryImport(Spandsp.Library, EntryPoint = "g722_decode_free")]
    private static partial int DecoderFree(nint state);
}
