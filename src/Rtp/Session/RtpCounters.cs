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
    public long RtcpSent;
    public long RtcpReceived;
    public long RtcpMalformed;
    public long RtcpForeign;
    public long RemoteByes;
    public long LastReceivedTicks;

    private RemoteReport? _remoteReport;
    private double _roundTripSeconds = double.NaN;

    public RemoteReport? Remote => Volatile.Read(ref _remoteReport);

    public double RoundTripSeconds => Volatile.Read(ref _roundTripSeconds);

    public void SetRoundTrip(double seconds) => Volatile.Write(ref _roundTripSeconds, seconds);

    // One small object per report, that is, every five seconds: it keeps the fields of one report together for other threads.
    public void SetRemoteReport(in RtcpReportBlock block) =>
        Volatile.Write(ref _remoteReport, new RemoteReport(block.FractionLost / 256.0, block.CumulativeLost, block.Jitter));

    internal sealed record RemoteReport(double FractionLost, int CumulativeLost, uint Jitter);
}
