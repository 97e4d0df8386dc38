using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>What an offer and its answer agreed on, seen from this side.</summary>
/// <param name="RemoteRtp">
/// Where to send. Null while the peer is to be sent nothing (c=0.0.0.0), or gave a host name (<see cref="RemoteHost"/>) or no
/// connection at all: then its first packet tells (symmetric RTP, RFC 4961).
/// </param>
/// <param name="RemoteRtcp">Null: one port above <paramref name="RemoteRtp"/>.</param>
/// <param name="Codec">What to send, and the payload type under which it comes back.</param>
/// <param name="TelephoneEventPayloadType">What we send digits under; null: the peer does not take them.</param>
/// <param name="PtimeMs">Milliseconds of audio that each packet of ours has: the peer's wish in steps of 10 ms, never more than its maxptime.</param>
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

    /// <summary>
    /// Every codec that is heard without asking again; the first is <see cref="Codec"/>. What the peer offered beside it is among
    /// them, although our answer names one: there are peers that go by their own list.
    /// </summary>
    public IReadOnlyList<AudioFormat> ReceiveFormats { get; init; } = [];

    /// <summary>What comfort noise (RFC 3389) comes under: our number; null when it was not agreed.</summary>
    public byte? ComfortNoisePayloadType { get; init; }

    /// <summary>The c= text: address or name; null when the description had none.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>Of the c= line, for a name: IP6 means its AAAA records. Null without a line.</summary>
    public AddressFamily? RemoteFamily { get; init; }

    public int RemotePort { get; init; }

    /// <summary>RFC 3605; for whoever resolves <see cref="RemoteHost"/>.</summary>
    public int? RemoteRtcpPort { get; init; }

    /// <summary>RFC 5761: RTCP goes and comes on the ports of RTP.</summary>
    public bool RtcpMux { get; init; }

    /// <summary>What both directions are encrypted with; null: they are in the clear.</summary>
    public NegotiatedSrtp? Srtp { get; init; }

    /// <summary>c=0.0.0.0 or ::, or no stream at all: neither RTP nor RTCP is sent (RFC 3264 section 8.4).</summary>
    public bool IsBlackHole { get; init; }
}
