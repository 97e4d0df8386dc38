namespace VoiceGateway.Caller;

/// <summary>The RTP of a call, as the caller's side counts it.</summary>
/// <remarks>Sockets are read by a clock: times between packets are as fine as its tick.</remarks>
public sealed record RtpReport
{
    public long PacketsSent { get; init; }

    public long PacketsReceived { get; init; }

    public long PacketsLost { get; init; }

    public long PacketsReordered { get; init; }

    public long PacketsDuplicated { get; init; }

    /// <summary>Packets read while this side's clock was held up; they are in no figure of arrival times.</summary>
    public long PacketsUnmeasured { get; init; }

    /// <summary>RFC 3550, section 6.4.1.</summary>
    public double JitterMs { get; init; }

    /// <summary>From RTCP (RFC 3550, section 6.4.1); null when the far end sent no report that tells it.</summary>
    public double? RoundTripMs { get; init; }

    /// <summary>Share of the caller's packets that the far end missed in its last report interval, 0 to 1; null without its reports.</summary>
    public double? RemoteFractionLost { get; init; }

    public double? InterArrivalP50Ms { get; init; }

    public double? InterArrivalP99Ms { get; init; }

    public double? InterArrivalMaxMs { get; init; }
}
