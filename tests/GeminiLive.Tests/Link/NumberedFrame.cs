namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A frame that tells its number after it was kept and taken out again: 16 bits, each loud and as long as twenty samples.</summary>
internal static class NumberedFrame
{
    private const int Bits = 16;
    private const int BitSamples = PcmFormat.SamplesPerFrame / Bits;

    public static void Write(int number, Span<short> frame)
    {
        for (var bit = 0; bit < Bits; bit++) frame.Slice(bit * BitSamples, BitSamples).Fill((short)((number >> bit & 1) == 1 ? 8000 : -8000));
    }

    public static int Read(ReadOnlySpan<short> frame)
    {
        var number = 0;
        for (var bit = 0; bit < Bits; bit++)
            if (frame[(bit * BitSamples) + (BitSamples / 2)] > 0) number |= 1 << bit;
        return number;
    }
}
