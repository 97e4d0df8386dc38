using VoiceGateway.Rtp;

namespace VoiceGateway.Calls;

/// <summary>The RTP statistics of a call in the units that people read: milliseconds, and addresses as text.</summary>
public sealed record MediaStatistics
{
    public long PacketsSent { get; init; }
    public long PacketsReceived { get; init; }
    public long BytesSent { get; init; }
    public long BytesReceived { get; init; }
    public long Lost { get; init; }
    public long Late { get; init; }
    public long Reordered { get; init; }
    public long Duplicates { get; init; }

    /// <summary>Datagrams at the RTP port that are no RTP, of an unknown payload type, or from an address that is not the caller's.</summary>
    public long Discarded { get; init; }

    /// <summary>RTP and RTCP from an address that is not the caller's; more than a few are an attempt on the call.</summary>
    public long Foreign { get; init; }

    /// <summary>Times that the caller's address was learnt; more than one is a NAT that rebound, or a re-INVITE.</summary>
    public long Latches { get; init; }

    /// <summary>The crypto suite of SRTP; null: the audio is in the clear.</summary>
    public string? Srtp { get; init; }

    /// <summary>SRTP and SRTCP that was not under the caller's key, or in the clear.</summary>
    public long SrtpUnauthentic { get; init; }

    /// <summary>SRTP and SRTCP that had been here before.</summary>
    public long SrtpReplayed { get; init; }

    public double JitterMs { get; init; }
    public double? RoundTripMs { get; init; }
    public double? RemoteLostFraction { get; init; }
    public double? RemoteJitterMs { get; init; }
    public string? Remote { get; init; }

    /// <summary>How the caller sounded here; null before anything came.</summary>
    public QualityStatistics? Uplink { get; init; }

    /// <summary>How the agent sounded at the caller's, as far as its reports tell; null before the first.</summary>
    public QualityStatistics? Downlink { get; init; }

    public static MediaStatistics? From(RtpStatistics? rtp, CallQuality? quality = null) => rtp is null ? null : new()
    {
        PacketsSent = rtp.PacketsSent,
        PacketsReceived = rtp.PacketsReceived,
        BytesSent = rtp.BytesSent,
        BytesReceived = rtp.BytesReceived,
        Lost = rtp.Lost,
        Late = rtp.Late,
        Reordered = rtp.Reordered,
        Duplicates = rtp.Duplicates,
        Discarded = rtp.Malformed + rtp.Foreign + rtp.UnknownPayloadType + rtp.StaleSsrc + rtp.SequenceJumps,
        Foreign = rtp.Foreign + rtp.RtcpForeign,
        Latches = rtp.Latches,
        Srtp = rtp.Srtp?.Name,
        SrtpUnauthentic = rtp.SrtpUnauthentic,
        SrtpReplayed = rtp.SrtpReplayed,
        JitterMs = Math.Round(rtp.JitterSeconds * 1000, 2),
        RoundTripMs = rtp.RoundTrip is { } trip ? Math.Round(trip.TotalMilliseconds, 2) : null,
        RemoteLostFraction = rtp.RemoteFractionLost,
        RemoteJitterMs = rtp.RemoteJitterSeconds is { } jitter ? Math.Round(jitter * 1000, 2) : null,
        Remote = rtp.Remote?.ToString(),
        Uplink = QualityStatistics.From(quality?.Received),
        Downlink = QualityStatistics.From(quality?.Sent),
    };
}
