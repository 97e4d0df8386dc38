using VoiceGateway.Codecs;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>What the last offer/answer allows the caller to send.</summary>
internal sealed record LegMedia(SpeechCodec Codec, byte PayloadType, bool TelephoneEvents, bool MaySend)
{
    public static LegMedia Of(NegotiatedAudio audio) => new(
        audio.Codec.EncodingName == G711Codec.ALaw.EncodingName ? G711Codec.ALaw : G711Codec.MuLaw,
        audio.Codec.PayloadType,
        TelephoneEvents: audio.TelephoneEventPayloadType is not null,
        MaySend: audio.LocalDirection.CanSend());

    /// <summary>The static payload types of RFC 3551, section 6; anything else (comfort noise, say) is not decoded and counts as silence.</summary>
    public static SpeechCodec? CodecOf(byte payloadType) => payloadType switch
    {
        0 => G711Codec.MuLaw,
        8 => G711Codec.ALaw,
        _ => null,
    };
}
