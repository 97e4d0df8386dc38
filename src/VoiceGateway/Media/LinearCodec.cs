using System.Runtime.InteropServices;
using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>16-bit samples as they are: how audio waits for a line whose codec has state. Never on the wire.</summary>
internal sealed class LinearCodec(int sampleRateHz) : SpeechCodec
{
    public override string EncodingName => "linear";

    public override int SampleRateHz => sampleRateHz;

    public override byte SilenceCode => 0;

    public override int MaxSamples(int payloadBytes) => payloadBytes / sizeof(short);

    public override int PayloadBytes(int samples) => samples * sizeof(short);

    public override int Encode(ReadOnlySpan<short> pcm, Span<byte> payload)
    {
        var bytes = MemoryMarshal.AsBytes(pcm);
        bytes.CopyTo(payload);
        return bytes.Length;
    }

    public override int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        payload.CopyTo(MemoryMarshal.AsBytes(pcm));
        return payload.Length / sizeof(short);
    }
}
