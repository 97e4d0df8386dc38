namespace VoiceGateway.Rtp;

/// <summary>Both directions of a call as its RTP and RTCP tell; null where nothing is known.</summary>
/// <param name="Received">What the peer says, as we hear it: by our own counters.</param>
/// <param name="Sent">What we say, as the peer hears it: by its reports.</param>
public sealed record CallQuality(StreamQuality? Received, StreamQuality? Sent)
{
    // The peer's playout buffer is not reported (RFC 3550): a packet is the least that works, twice the jitter is common.
    private const double JitterToBuffer = 2;

    /// <param name="rtp">So far.</param>
    /// <param name="codec">Of both directions.</param>
    /// <param name="packetMs">Audio in a packet.</param>
    /// <param name="lossBursts">Holes in what was received, of any length: a burst each.</param>
    public static CallQuality Of(RtpStatistics rtp, CodecImpairment codec, double packetMs, long lossBursts)
    {
        ArgumentNullException.ThrowIfNull(rtp);
        var networkMs = (rtp.RoundTrip?.TotalMilliseconds ?? 0) / 2;
        return new(Received(), Sent());

        StreamQuality? Received()
        {
            // As RFC 3550 A.3 counts, a duplicate makes up for a lost packet; here it does not.
            var expected = rtp.PacketsReceived + rtp.Lost;
            if (rtp.PacketsReceived == 0 || expected <= 0) return null;
            var missed = Math.Clamp(rtp.Lost + rtp.Duplicates + rtp.Late, 0, expected);
            var loss = (double)missed / expected;
            // What arrives is handed on at once: there is no buffer on this side.
            return StreamQuality.Of(codec, 100 * loss, BurstRatio(missed, lossBursts, loss), packetMs + networkMs);
        }

        StreamQuality? Sent()
        {
            if (rtp.PacketsSent == 0 || rtp.RemoteCumulativeLost is not { } lost) return null;
            var jitterMs = (rtp.RemoteJitterSeconds ?? 0) * 1000;
            // Duplicates can bring the count below zero (RFC 3550 section 6.4.1).
            var loss = Math.Clamp((double)lost / rtp.PacketsSent, 0, 1);
            return StreamQuality.Of(codec, 100 * loss, 1, packetMs + networkMs + Math.Max(packetMs, JitterToBuffer * jitterMs));
        }
    }

    // Independent losses make bursts of 1 / (1 - p) in the mean.
    private static double BurstRatio(long missed, long bursts, double loss) =>
        bursts == 0 || loss >= 1 ? 1 : Math.Max(1, (double)missed / bursts * (1 - loss));
}
