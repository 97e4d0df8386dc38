using VoiceGateway.Codecs;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>What the last offer/answer allows the caller to send, and how what comes is decoded.</summary>
internal sealed record LegMedia(SpeechCodec Codec, byte PayloadType, bool TelephoneEvents, bool MaySend)
{
    private readonly SpeechCodec _wideHeard = new G722Codec();

    /// <param name="audio">As agreed.</param>
    /// <param name="before">Until now: a codec with state goes on.</param>
    public static LegMedia Of(NegotiatedAudio audio, LegMedia? before)
    {
        // In any case (RFC 8866 section 6.6).
        var codec = audio.Codec.EncodingName.ToUpperInvariant() switch
        {
            "PCMA" => G711Codec.ALaw,
            "G722" => before?.Codec as G722Codec ?? new G722Codec(),
            _ => (SpeechCodec)G711Codec.MuLaw,
        };
        var (payloadType, events, maySend) = (audio.Codec.PayloadType, audio.TelephoneEventPayloadType is not null, audio.LocalDirection.CanSend());
        return before is null
            ? new LegMedia(codec, payloadType, events, maySend)
            : before with { Codec = codec, PayloadType = payloadType, TelephoneEvents = events, MaySend = maySend };
    }

    /// <summary>The static payload types of RFC 3551, section 6; anything else (comfort noise, say) is not decoded and counts as silence.</summary>
    public SpeechCodec? CodecOf(byte payloadType) => payloadType switch
    {
        0 => G711Codec.MuLaw,
        8 => G711Codec.ALaw,
        9 => _wideHeard,
        _ => null,
    };
}
