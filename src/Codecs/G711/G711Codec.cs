namespace VoiceGateway.Codecs;

/// <summary>G.711 as RTP carries it: one byte a sample, payload types 0 (PCMU) and 8 (PCMA), RFC 3551, section 4.5.14.</summary>
public sealed class G711Codec : SpeechCodec
{
    private readonly bool _isMuLaw;

    private G711Codec(string encodingName, byte silenceCode, bool isMuLaw)
    {
        EncodingName = encodingName;
        SilenceCode = silenceCode;
        _isMuLaw = isMuLaw;
    }

    public static G711Codec MuLaw { get; } = new("PCMU", 0xFF, isMuLaw: true);

    public static G711Codec ALaw { get; } = new("PCMA", 0xD5, isMuLaw: false);

    public override string EncodingName { get; }

    public override int SampleRateHz => 8000;

    public override byte SilenceCode { get; }

    public override int MaxSamples(int payloadBytes) => payloadBytes;

    public override int PayloadBytes(int samples) => samples;

    public override int Encode(ReadOnlySpan<short> pcm, Span<byte> payload) =>
        _isMuLaw ? G711.EncodeMuLaw(pcm, payload) : G711.EncodeALaw(pcm, payload);

    public override int Decode(ReadOnlySpan<byte> payload, Span<short> pcm) =>
        _isMuLaw ? G711.DecodeMuLaw(payload, pcm) : G711.DecodeALaw(payload, pcm);
}
