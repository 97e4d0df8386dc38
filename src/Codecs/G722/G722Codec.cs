namespace VoiceGateway.Codecs;

/// <summary>
/// ITU-T G.722 at 64 kbit/s (mode 1) as RTP carries it: two samples at 16 kHz a byte, payload type 9, and an RTP clock of 8000
/// by an old mistake (RFC 3551, section 4.5.2). Nothing is allocated after construction.
/// <code>
///   pcm 16 kHz ─▶ QMF ─▶ low band 8 kHz  ─▶ ADPCM, 6 bits ─┐
///                  └──▶ high band 8 kHz ─▶ ADPCM, 2 bits ─┴▶ one byte
/// </code>
/// Both filters together are 22 samples late, 1.4 ms.
/// </summary>
public sealed class G722Codec : SpeechCodec
{
    private readonly G722Encoder _encoder = new();
    private readonly G722Decoder _decoder = new();

    public override string EncodingName => "G722";

    public override int SampleRateHz => 16000;

    /// <summary>Both differences zero: exactly silence for a decoder that has heard nothing yet, and less than can be heard for any other.</summary>
    public override byte SilenceCode => 0xFD;

    public override bool HasState => true;

    public override SpeechCodec Fresh() => new G722Codec();

    public override void Reset()
    {
        _encoder.Reset();
        _decoder.Reset();
    }

    public override int MaxSamples(int payloadBytes) => 2 * payloadBytes;

    public override int PayloadBytes(int samples) => samples / 2;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Also for an odd number of samples.</exception>
    public override int Encode(ReadOnlySpan<short> pcm, Span<byte> payload)
    {
        if (pcm.Length % 2 != 0)
            throw new ArgumentException($"{pcm.Length} samples are no pairs.", nameof(pcm));
        if (payload.Length < pcm.Length / 2)
            throw new ArgumentException($"{pcm.Length} samples need {pcm.Length / 2} bytes, but there is room for {payload.Length}.", nameof(payload));
        _encoder.Encode(pcm, payload);
        return pcm.Length / 2;
    }

    public override int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (pcm.Length < 2 * payload.Length)
            throw new ArgumentException($"{payload.Length} bytes need {2 * payload.Length} samples, but there is room for {pcm.Length}.", nameof(pcm));
        _decoder.Decode(payload, pcm);
        return 2 * payload.Length;
    }
}
