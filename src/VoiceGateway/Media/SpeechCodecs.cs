using VoiceGateway.Codecs;
using VoiceGateway.Sip;

namespace VoiceGateway.Media;

/// <summary>From the names of SDP to codecs.</summary>
internal static class SpeechCodecs
{
    private static readonly G722Codec G722 = new();

    // The static types (RFC 3551 table 4), and nothing else: nearly every call's, without state, so that they share it.
    private static readonly SpeechCodec?[] Telephone = [.. Enumerable.Range(0, 128).Select(static type => type switch { 0 => G711Codec.MuLaw, 8 => (SpeechCodec)G711Codec.ALaw, _ => null })];

    /// <summary>All that are spoken here, best first.</summary>
    public static IReadOnlyList<AudioFormat> Formats { get; } = [AudioFormat.G722, AudioFormat.Pcmu, AudioFormat.Pcma];

    /// <summary>Null when none of them is called that.</summary>
    public static AudioFormat? Format(string encodingName) =>
        Formats.FirstOrDefault(format => format.EncodingName.Equals(encodingName, StringComparison.OrdinalIgnoreCase));

    /// <summary>For one direction of one call; without state, the same for all.</summary>
    public static SpeechCodec Named(string encodingName) =>
        Find(encodingName)?.Fresh() ?? throw new ArgumentException($"no codec is called {encodingName}", nameof(encodingName));

    /// <summary>
    /// What the peer may send, by the payload type it carries. The static types of G.711 (RFC 3551 table 4) are always taken. A codec with
    /// state under a number that it had before goes on.
    /// </summary>
    /// <param name="formats">As agreed.</param>
    /// <param name="before">What the numbers meant until now, where they have no other meaning.</param>
    public static SpeechCodec?[] ByPayloadType(IReadOnlyList<AudioFormat> formats, SpeechCodec?[]? before = null)
    {
        before ??= Telephone;
        if (before == Telephone && formats.All(static f => Telephone[f.ReceivePayloadType & 0x7F]?.EncodingName == f.EncodingName)) return Telephone;
        SpeechCodec?[] codecs = [.. before];
        (codecs[0], codecs[8]) = (Telephone[0], Telephone[8]);
        foreach (var format in formats)
        {
            ref var codec = ref codecs[format.ReceivePayloadType & 0x7F];
            if (Find(format.EncodingName) is { } named && codec?.EncodingName != named.EncodingName) codec = named.Fresh();
        }
        return codecs;
    }

    private static SpeechCodec? Find(string encodingName) =>
        encodingName.Equals("G722", StringComparison.OrdinalIgnoreCase) ? G722
        : encodingName.Equals("PCMU", StringComparison.OrdinalIgnoreCase) ? G711Codec.MuLaw
        : encodingName.Equals("PCMA", StringComparison.OrdinalIgnoreCase) ? G711Codec.ALaw
        : null;
}
