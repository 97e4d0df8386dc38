using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs.Tests;

/// <summary>The concealment of libspandsp.</summary>
internal sealed partial class SpandspConcealer : IDisposable
{
    private readonly nint _state = Init(0);

    public void Good(Span<short> packet) => _ = Received(_state, packet, packet.Length);

    public void Lost(Span<short> packet) => _ = FillIn(_state, packet, packet.Length);

    public void Dispose() => _ = Free(_state);

    [LibraryImport(Spandsp.Library, EntryPoint = "plc_init")]
    private static partial nint Init(nint state);

    [LibraryImport(Spandsp.Library, EntryPoint = "plc_rx")]
    private static partial int Received(nint state, Span<short> pcm, int samples);

    [LibraryImport(Spandsp.Library, EntryPoint = "plc_fillin")]
    private static partial int FillIn(nint state, Span<short> pcm, int samples);

    [LibraryImport(Spandsp.Library, EntryPoint = "plc_free")]
    private static partial int Free(nint state);
}
