namespace VoiceGateway.Codecs;

/// <summary>
/// One RTP payload format for speech: 16-bit mono PCM on one side, payload bytes on the other.
/// The G.711 instances hold no state and are shared by all calls; a codec with state has one instance a direction.
/// </summary>
public abstract class SpeechCodec
{
    /// <summary>Encoding name as in SDP's rtpmap, for instance <c>PCMU</c> (RFC 3551, section 6).</summary>
    public abstract string EncodingName { get; }

    /// <summary>Rate of the PCM side. It may differ from the RTP clock (G.722: RFC 3551, section 4.5.2).</summary>
    public abstract int SampleRateHz { get; }

    /// <summary>The payload byte that stands for digital silence; after a codec with state has been in use, for what soon is.</summary>
    public abstract byte SilenceCode { get; }

    /// <summary>Each payload needs those before it: one instance a direction, whose payloads are all sent, or all come, in order.</summary>
    public virtual bool HasState => false;

    /// <summary>One for another direction, as at the beginning of a stream; without state, the same for all.</summary>
    public virtual SpeechCodec Fresh() => this;

    /// <summary>Forgets what was: the next payload is the first of a stream.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>The most samples that a payload of this many bytes can decode to.</summary>
    public abstract int MaxSamples(int payloadBytes);

    /// <summary>Bytes that this many samples encode to.</summary>
    public abstract int PayloadBytes(int samples);

    /// <summary>Encodes all of <paramref name="pcm"/>.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="payload"/> is too small; nothing was written.</exception>
    public abstract int Encode(ReadOnlySpan<short> pcm, Span<byte> payload);

    /// <summary>Decodes all of <paramref name="payload"/>.</summary>
    /// <returns>Samples written.</returns>
    /// <exception cref="ArgumentException"><paramref name="pcm"/> is too small; nothing was written.</exception>
    public abstract int Decode(ReadOnlySpan<byte> payload, Span<short> pcm);

    public override string ToString() => $"{EncodingName}/{SampleRateHz}";
}
