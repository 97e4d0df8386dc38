using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>libspandsp's G.722 at 64 kbit/s (Debian: libspandsp2).</summary>
internal sealed partial class SpandspG722
{
    private const string Library = "libspandsp.so.2";

    private readonly nint _encoder = EncodeInit(0, 64000, 0);
    private readonly nint _decoder = DecodeInit(0, 64000, 0);

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> payload) => Encode(_encoder, payload, pcm, pcm.Length);

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm) => Decode(_decoder, pcm, payload, payload.Length);

    [LibraryImport(Library, EntryPoint = "g722_encode_init")]
    private static partial nint EncodeInit(nint state, int rate, int options);

    [LibraryImport(Library, EntryPoint = "g722_decode_init")]
    private static partial nint DecodeInit(nint state, int rate, int options);

    [LibraryImport(Library, EntryPoint = "g722_encode")]
    private static partial int Encode(nint state, Span<byte> payload, ReadOnlySpan<short> pcm, int length);

    [LibraryImport(Library, EntryPoint = "g722_decode")]
    private static partial int Decode(nint state, Span<short> pcm, ReadOnlySpan<byte> payload, int length);
}
