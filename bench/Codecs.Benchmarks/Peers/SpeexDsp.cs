using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>libspeexdsp's resampler (Debian: libspeexdsp1), 16-bit mono.</summary>
internal sealed partial class SpeexDsp : IRateConverter, IDisposable
{
    private const string Library = "libspeexdsp.so.1";

    private readonly nint _state;
    private readonly int _quality;

    public SpeexDsp(int inputRateHz, int outputRateHz, int quality)
    {
        _quality = quality;
        _state = Init(1, (uint)inputRateHz, (uint)outputRateHz, quality, out var error);
        if (error != 0) throw new InvalidOperationException($"speex_resampler_init: {error}");
    }

    public string Name => $"speexdsp, quality {_quality}";

    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        var (taken, given) = ((uint)input.Length, (uint)output.Length);
        _ = Process(_state, 0, input, ref taken, output, ref given);
        return (int)given;
    }

    public void Dispose() => Destroy(_state);

    [LibraryImport(Library, EntryPoint = "speex_resampler_init")]
    private static partial nint Init(uint channels, uint inputRate, uint outputRate, int quality, out int error);

    [LibraryImport(Library, EntryPoint = "speex_resampler_process_int")]
    private static partial int Process(nint state, uint channel, ReadOnlySpan<short> input, ref uint inputLength, Span<short> output, ref uint outputLength);

    [LibraryImport(Library, EntryPoint = "speex_resampler_destroy")]
    private static partial void Destroy(nint state);
}
