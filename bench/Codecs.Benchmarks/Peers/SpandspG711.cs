using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>libspandsp's G.711 (Debian: libspandsp2).</summary>
internal sealed partial class SpandspG711(bool isMuLaw)
{
    private const string Library = "libspandsp.so.2";

    // G711_ALAW is 0, G711_ULAW 1.
    private readonly nint _state = Init(0, isMuLaw ? 1 : 0);

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> codes) => Encode(_state, codes, pcm, pcm.Length);

    public int Decode(ReadOnlySpan<byte> codes, Span<short> pcm) => Decode(_state, pcm, codes, codes.Length);

    [LibraryImport(Library, EntryPoint = "g711_init")]
    private static partial nint Init(nint state, int mode);

    [LibraryImport(Library, EntryPoint = "g711_encode")]
    private static partial int Encode(nint state, Span<byte> codes, ReadOnlySpan<short> pcm, int length);

    [LibraryImport(Library, EntryPoint = "g711_decode")]
    private static partial int Decode(nint state, Span<short> pcm, ReadOnlySpan<byte> codes, int length);
}
