using System.Net;

namespace VoiceGateway.Sip;

/// <summary>What this side offers or answers with.</summary>
/// <param name="Address">Where we receive, as the peer can reach it.</param>
/// <param name="Port">Of RTP, even; RTCP is one above.</param>
/// <param name="Supported">Codecs, in the order of our own offers. In answers only the first matters: if it is wideband, wideband is chosen before all else.</param>
/// <param name="TelephoneEvents">Whether digits are received by RFC 4733.</param>
public sealed record LocalAudio(IPAddress Address, int Port, IReadOnlyList<AudioFormat> Supported, bool TelephoneEvents = true)
{
    /// <summary>Both laws of G.711.</summary>
    public static IReadOnlyList<AudioFormat> G711 { get; } = [AudioFormat.Pcmu, AudioFormat.Pcma];

    /// <summary>Wideband before both laws of G.711.</summary>
    public static IReadOnlyList<AudioFormat> Wideband { get; } = [AudioFormat.G722, AudioFormat.Pcmu, AudioFormat.Pcma];

    /// <summary>What we want ourselves; what the peer allows narrows it further. SendOnly or Inactive put the peer on hold.</summary>
    public MediaDirection Direction { get; init; } = MediaDirection.SendRecv;

    /// <summary>What an offer asks for, and an answer to an offer that asks for nothing.</summary>
    public int PtimeMs { get; init; } = 20;

    /// <summary>
    /// Whether comfort noise (RFC 3389) is taken when the peer offers it. Never offered unasked: it invites the peer to leave out
    /// what it takes for silence, and with it the first sound of a word.
    /// </summary>
    public bool ComfortNoise { get; init; } = true;

    /// <summary>Whether the stream is encrypted.</summary>
    public SrtpPolicy Srtp { get; init; } = SrtpPolicy.Never;

    /// <summary>
    /// Whether our offers carry keys where SRTP is optional. Only where nobody but the peer reads them: a key in an open message
    /// protects nothing (RFC 4568 section 8.3).
    /// </summary>
    public bool OffersKeys { get; init; }

    /// <summary>By the names of the registry; their order is that of our offers.</summary>
    public IReadOnlyList<string> SrtpSuites { get; init; } = SdesSuites.All;
}
