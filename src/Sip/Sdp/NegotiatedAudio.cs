using System.Net;

namespace VoiceGateway.Sip;

/// <summary>What an offer and its answer agreed on, seen from this side.</summary>
/// <param name="RemoteRtp">
/// Where to send. Null while the peer is to be sent nothing (c=0.0.0.0), or gave a host name (<see cref="RemoteHost"/>) or no
/// connection at all: then its first packet tells (symmetric RTP, RFC 4961).
/// </param>
/// <param name="RemoteRtcp">Null: one port above <paramref name="RemoteRtp"/>.</param>
/// <param name="Codec">What to send, and the payload type under which it comes back.</param>
/// <param name="TelephoneEventPayloadType">What we send digits under; null: the peer does not take them.</param>
/// <param name="PtimeMs">Milliseconds of audio that the peer would like in a packet.</param>
/// <param name="LocalDirection">What we may do; never more than the peer allows.</param>
/// <param name="OnHold">The peer does not want to hear us, in any of the three forms: sendonly, inactive, c=0.0.0.0.</param>
public sealed record NegotiatedAudio(
    IPEndPoint? RemoteRtp,
    IPEndPoint? RemoteRtcp,
    AudioFormat Codec,
    byte? TelephoneEventPayloadType,
    int PtimeMs,
    MediaDirection LocalDirection,
    bool OnHold)
{
    /// <summary>What the peer sends digits under: our number.</summary>
    public byte? TelephoneEventReceivePayloadType { get; init; }

    /// <summary>Every codec that the peer may send without asking again; the first is <see cref="Codec"/>.</summary>
    public IReadOnlyList<AudioFormat> ReceiveFormats { get; init; } = [];

    /// <summary>The c= text: address or name; null when the description had none.</summary>
    public string? RemoteHost { get; init; }

    public int RemotePort { get; init; }
}
