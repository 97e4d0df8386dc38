namespace VoiceGateway.Rtp;

/// <summary>
/// Counters of one session. Written by the clock thread alone, read by any: 64-bit fields are read whole, and a snapshot may be
/// a packet apart from one field to the next.
/// </summary>
internal sealed class RtpCounters
{
    public long PacketsSent;
    public long BytesSent;
    public long SendErrors;
    public long PacketsReceived;
    public long BytesReceived;
    public long Reordered;
    public long Late;
    public long Duplicates;
    public long Malformed;
    public long Foreign;
    public long UnknownPayloadType;
    public long StaleSsrc;
    public long SequenceJumps;
    public long StreamChanges;
    public long Latches;
    public long ReceiveErrors;
    public long DrainLimits;
    public long SrtpUnauthentic;
    public long SrtpReplayed;
    public long RtcpSent;
    public long RtcpReceived;
    public long RtcpMalformed;
    public long RtcpForeign;
    public long RemoteByes;
    public long LastReceivedTicks;

    // Fraction lost (8 bits), packets lost (24, signed) and jitter (32) of one report, in one word so that they are read together.
    private long _remoteReport;
    private bool _hasRemoteReport;
    private double _roundTripSeconds = double.NaN;

    public double RoundTripSeconds => Volatile.Read(ref _roundTripSeconds);

    public void SetRoundTrip(double seconds) => Volatile.Write(ref _roundTripSeconds, seconds);

    public void SetRemoteReport(in RtcpReportBlock block)
    {
        var packed = ((long)block.CumulativeLost << 40) | ((long)block.FractionLost << 32) | block.Jitter;
        Volatile.Write(ref _remoteReport, packed);
        Volatile.Write(ref _hasRemoteReport, true);
    }

    public bool TryGetRemoteReport(out double fractionLost, out long cumulativeLost, out uint jitter)
    {
        var has = Volatile.Read(ref _hasRemoteReport);
        var packed = Volatile.Read(ref _remoteReport);
        cumulativeLost = packed >> 40;
        fractionLost = (byte)(packed >> 32) / 256.0;
        jitter = (uint)packed;
        return has;
    }
}
