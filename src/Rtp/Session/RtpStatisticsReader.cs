namespace VoiceGateway.Rtp;

internal static class RtpStatisticsReader
{
    public static RtpStatistics Read(
        RtpCounters counters, ReceiveStream received, RtpDestinations destinations, SrtpSuite? srtp, TimeProvider time, int clockRateHz)
    {
        var hasReport = counters.TryGetRemoteReport(out var fractionLost, out var cumulativeLost, out var jitter);
        var roundTrip = counters.RoundTripSeconds;
        var lastReceived = Volatile.Read(ref counters.LastReceivedTicks);
        return new RtpStatistics
        {
            PacketsSent = counters.PacketsSent,
            BytesSent = counters.BytesSent,
            SendErrors = counters.SendErrors,
            PacketsReceived = counters.PacketsReceived,
            BytesReceived = counters.BytesReceived,
            Lost = received.Sequence.TotalLost,
            Reordered = counters.Reordered,
            Late = counters.Late,
            Duplicates = counters.Duplicates,
            Malformed = counters.Malformed,
            Foreign = counters.Foreign,
            UnknownPayloadType = counters.UnknownPayloadType,
            StaleSsrc = counters.StaleSsrc,
            SequenceJumps = counters.SequenceJumps,
            StreamChanges = counters.StreamChanges,
            Latches = counters.Latches,
            ReceiveErrors = counters.ReceiveErrors,
            DrainLimits = counters.DrainLimits,
            JitterSeconds = received.Jitter.JitterSeconds,
            Srtp = srtp,
            SrtpUnauthentic = counters.SrtpUnauthentic,
            SrtpReplayed = counters.SrtpReplayed,
            RtcpSent = counters.RtcpSent,
            RtcpReceived = counters.RtcpReceived,
            RtcpMalformed = counters.RtcpMalformed,
            RtcpForeign = counters.RtcpForeign,
            RemoteByes = counters.RemoteByes,
            RoundTrip = double.IsNaN(roundTrip) ? null : TimeSpan.FromSeconds(roundTrip),
            RemoteFractionLost = hasReport ? fractionLost : null,
            RemoteCumulativeLost = hasReport ? cumulativeLost : null,
            RemoteJitterSeconds = hasReport ? jitter / (double)clockRateHz : null,
            Remote = destinations.Remote,
            RemoteSsrc = received.IsStarted ? received.Ssrc : null,
            LastReceivedTimestamp = lastReceived == 0 ? null : lastReceived,
            SinceLastReceived = lastReceived == 0 ? null : time.GetElapsedTime(lastReceived),
        };
    }
}
