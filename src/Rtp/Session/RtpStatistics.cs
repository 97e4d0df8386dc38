using System.Net;

namespace VoiceGateway.Rtp;

/// <summary>What one session has seen so far. A snapshot: fields may be a packet apart.</summary>
public sealed record RtpStatistics
{
    public long PacketsSent { get; init; }

    /// <summary>Payload bytes, as RTCP counts them.</summary>
    public long BytesSent { get; init; }

    /// <summary>Packets the system refused: unreachable network, full buffer.</summary>
    public long SendErrors { get; init; }

    /// <summary>RTP packets from the accepted source with a negotiated payload type, duplicates and late ones included.</summary>
    public long PacketsReceived { get; init; }

    public long BytesReceived { get; init; }

    /// <summary>Packets that never came (RFC 3550 A.3), over all sources.</summary>
    public long Lost { get; init; }

    /// <summary>Packets that came behind their successors and still in time.</summary>
    public long Reordered { get; init; }

    /// <summary>Packets that came after their place had been given up.</summary>
    public long Late { get; init; }

    public long Duplicates { get; init; }

    /// <summary>Datagrams at the RTP port that are no RTP.</summary>
    public long Malformed { get; init; }

    /// <summary>Packets from an address other than the latched one.</summary>
    public long Foreign { get; init; }

    /// <summary>Packets of a payload type outside the negotiated set.</summary>
    public long UnknownPayloadType { get; init; }

    /// <summary>Stragglers of an SSRC that has been replaced.</summary>
    public long StaleSsrc { get; init; }

    /// <summary>Packets dropped because their sequence number leapt and the next one did not confirm it (RFC 3550 A.1).</summary>
    public long SequenceJumps { get; init; }

    /// <summary>Times the timeline started anew, the first one included.</summary>
    public long StreamChanges { get; init; }

    /// <summary>Times a source was latched; 1 in a call without incident.</summary>
    public long Latches { get; init; }

    /// <summary>Errors the sockets reported, such as ICMP port unreachable.</summary>
    public long ReceiveErrors { get; init; }

    /// <summary>Times that more datagrams waited than are read in one tick.</summary>
    public long DrainLimits { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 A.8) in seconds.</summary>
    public double JitterSeconds { get; init; }

    /// <summary>The suite that both directions are protected with; null: the stream is in the clear.</summary>
    public SrtpSuite? Srtp { get; init; }

    /// <summary>SRTP and SRTCP that is not under the peer's key: somebody else's, changed on its way, or in the clear.</summary>
    public long SrtpUnauthentic { get; init; }

    /// <summary>SRTP and SRTCP that came twice, or far too late to tell.</summary>
    public long SrtpReplayed { get; init; }

    public long RtcpSent { get; init; }
    public long RtcpReceived { get; init; }
    public long RtcpMalformed { get; init; }
    public long RtcpForeign { get; init; }

    /// <summary>RTCP BYEs received. Not the end of the call: that is for SIP to say.</summary>
    public long RemoteByes { get; init; }

    /// <summary>From the last report that echoed one of ours; null before.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Share of our packets that the other end missed in its last report interval, 0 to 1; null before its first report.</summary>
    public double? RemoteFractionLost { get; init; }

    public long? RemoteCumulativeLost { get; init; }

    public double? RemoteJitterSeconds { get; init; }

    /// <summary>Where packets go now; null when there is nowhere to send, or the call is on hold by address.</summary>
    public IPEndPoint? Remote { get; init; }

    /// <summary>SSRC being received; null before the first packet.</summary>
    public uint? RemoteSsrc { get; init; }

    /// <summary>When the last accepted packet was read, in <see cref="TimeProvider.GetTimestamp"/> ticks; null before the first.</summary>
    public long? LastReceivedTimestamp { get; init; }

    /// <summary>Time since then.</summary>
    public TimeSpan? SinceLastReceived { get; init; }
}
