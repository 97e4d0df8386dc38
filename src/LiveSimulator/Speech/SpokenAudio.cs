using System.Runtime.InteropServices;

namespace VoiceGateway.LiveSimulator;

/// <summary>What the model says, as it goes over the wire: 24 kHz mono, 16-bit little-endian.</summary>
internal sealed class SpokenAudio(ReadOnlyMemory<byte> pcm)
{
    public const int SampleRateHz = 24000;
    public const int BytesPerSecond = SampleRateHz * sizeof(short);

    public SpokenAudio(ReadOnlySpan<short> samples)
        : this(MemoryMarshal.AsBytes(samples).ToArray())
    {
    }

    public ReadOnlyMemory<byte> Pcm { get; } = pcm;

    public TimeSpan Duration => DurationOf(Pcm.Length);

    public static TimeSpan DurationOf(int bytes) => TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
}
