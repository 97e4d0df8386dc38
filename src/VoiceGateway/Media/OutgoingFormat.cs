using VoiceGateway.Codecs;
using VoiceGateway.Sip;

namespace VoiceGateway.Media;

/// <summary>How the agent's voice is to leave, replaced as a whole. A frame that is still in the codec before keeps that one's number.</summary>
internal sealed record OutgoingFormat(SpeechCodec Codec, byte PayloadType, int PacketMs, OutgoingFormat? Before)
{
    /// <param name="audio">As agreed.</param>
    /// <param name="before">How it left until now.</param>
    /// <param name="isAnotherPeer">Somebody else is at the far end: their decoder begins afresh.</param>
    public static OutgoingFormat Of(NegotiatedAudio audio, OutgoingFormat? before, bool isAnotherPeer = false) => new(
        // The same codec goes on with the state that the peer's decoder has too.
        !isAnotherPeer && before?.Codec.EncodingName.Equals(audio.Codec.EncodingName, StringComparison.OrdinalIgnoreCase) == true
            ? before.Codec
            : SpeechCodecs.Named(audio.Codec.EncodingName),
        audio.Codec.PayloadType,
        Math.Clamp(audio.PtimeMs / 10 * 10, 10, Packetizer.LongestMs),
        before is null ? null : before with { Before = null });

    public byte PayloadTypeOf(SpeechCodec codec) => Before is { } before && codec == before.Codec && codec != Codec ? before.PayloadType : PayloadType;
}
