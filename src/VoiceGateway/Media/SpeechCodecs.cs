using VoiceGateway.Codecs;
using VoiceGateway.Sip;

namespace VoiceGateway.Media;

/// <summary>From the names of SDP to codecs.</summary>
internal static class SpeechCodecs
{
    public static SpeechCodec Named(string encodingName) =>
        Find(encodingName) ?? throw new ArgumentException($"no codec is called {encodingName}", nameof(encodingName));

    /// <summary>What the peer may send, by the payload type it carries. Both static types (RFC 3551 table 4) are always taken.</summary>
    /// <param name="formats">As agreed.</param>
    /// <param name="before">What the numbers meant until now, where they have no other meaning.</param>
    public static SpeechCodec?[] ByPayloadType(IReadOnlyList<AudioFormat> formats, SpeechCodec?[]? before = null)
    {
        var codecs = new SpeechCodec?[128];
        before?.CopyTo(codecs, 0);
        (codecs[0], codecs[8]) = (G711Codec.MuLaw, G711Codec.ALaw);
        foreach (var format in formats)
            if (Find(format.EncodingName) is { } codec) codecs[format.ReceivePayloadType & 0x7F] = codec;
        return codecs;
    }

    private static SpeechCodec? Find(string encodingName) =>
        encodingName.Equals("PCMU", StringComparison.OrdinalIgnoreCase) ? G711Codec.MuLaw
        : encodingName.Equals("PCMA", StringComparison.OrdinalIgnoreCase) ? G711Codec.ALaw
        : null;
}
