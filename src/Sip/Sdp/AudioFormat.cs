namespace VoiceGateway.Sip;

/// <summary>A codec as SDP names it, with its payload types.</summary>
/// <param name="EncodingName">As in rtpmap: "PCMU".</param>
/// <param name="ClockRateHz">Of the RTP timestamp.</param>
/// <param name="PayloadType">What we send: the peer's number.</param>
public sealed record AudioFormat(string EncodingName, int ClockRateHz, byte PayloadType)
{
    public static AudioFormat Pcmu { get; } = new("PCMU", 8000, 0);

    public static AudioFormat Pcma { get; } = new("PCMA", 8000, 8);

    /// <summary>16 kHz on an RTP clock of 8000 (RFC 3551 section 4.5.2).</summary>
    public static AudioFormat G722 { get; } = new("G722", 8000, 9);

    /// <summary>What we receive: our number, which differs when each side chose its own for a dynamic payload type (RFC 3264 section 5.1).</summary>
    public byte ReceivePayloadType { get; init; } = PayloadType;

    /// <summary>Speech above 4 kHz too.</summary>
    public bool IsWideband => EncodingName.Equals(G722.EncodingName, StringComparison.OrdinalIgnoreCase);

    internal SdpFormat ToSdp() => new(PayloadType, EncodingName, ClockRateHz);
}
