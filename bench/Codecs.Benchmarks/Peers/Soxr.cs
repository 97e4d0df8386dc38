using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>libsoxr (Debian: libsoxr0), 16-bit mono.</summary>
internal sealed partial class Soxr : IRateConverter, IDisposable
{
    private const string Library = "libsoxr.so.0";
    private const int Int16Interleaved = 3;
    private const uint HighQuality = 4;

    private readonly nint _state;

    public Soxr(int inputRateHz, int outputRateHz)
    {
        var io = IoSpec(Int16Interleaved, Int16Interleaved);
        var quality = QualitySpec(HighQuality, 0);
        _state = Create(inputRateHz, outputRateHz, 1, out var error, in io, in quality, 0);
        if (error != 0) throw new InvalidOperationException("soxr_create failed");
    }

    public string Name => "soxr HQ";

    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        _ = Process(_state, input, (nuint)input.Length, out _, output, (nuint)output.Length, out var given);
        return (int)given;
    }

    public void Dispose() => Delete(_state);

    [LibraryImport(Library, EntryPoint = "soxr_create")]
    private static partial nint Create(double inputRate, double outputRate, uint channels, out nint error, in Io io, in Quality quality, nint runtime);

    [LibraryImport(Library, EntryPoint = "soxr_process")]
    private static partial nint Process(
        nint state, ReadOnlySpan<short> input, nuint inputLength, out nuint inputDone, Span<short> output, nuint outputLength, out nuint outputDone);

    [LibraryImport(Library, EntryPoint = "soxr_delete")]
    private static partial void Delete(nint state);

    [LibraryImport(Library, EntryPoint = "soxr_io_spec")]
    private static partial Io IoSpec(int input, int output);

    [LibraryImport(Library, EntryPoint = "soxr_quality_spec")]
    private static partial Quality QualitySpec(nuint recipe, nuint flags);

    // soxr_io_spec_t and soxr_quality_spec_t: only handed back.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Io
    {
        private readonly int _input;
        private readonly int _output;
        private readonly double _scale;
        private readonly nint _reserved;
        private readonly nuint _flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Quality
    {
        private readonly double _precision;
        private readonly double _phase;
        private readonly double _passBand;
        private readonly double _stopBand;
        private readonly nint _reserved;
        private readonly nuint _flags;
    }
}
