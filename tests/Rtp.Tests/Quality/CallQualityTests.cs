namespace VoiceGateway.Rtp.Tests.Quality;

public class CallQualityTests
{
    private static readonly RtpStatistics Clean = new()
    {
        PacketsSent = 1000,
        PacketsReceived = 1000,
        RoundTrip = TimeSpan.FromMilliseconds(60),
        RemoteCumulativeLost = 0,
        RemoteFractionLost = 0,
        RemoteJitterSeconds = 0.002,
    };

    private static CallQuality Of(RtpStatistics rtp, long bursts = 0) => CallQuality.Of(rtp, CodecImpairment.G711Concealed, 20, bursts);

    [Fact]
    public void Of_NothingReceivedOrReported_SaysNothing()
    {
        var quality = Of(new RtpStatistics { PacketsSent = 50 });
        Assert.Null(quality.Received);
        Assert.Null(quality.Sent);
    }

    [Fact]
    public void Of_CleanCall_IsAsGoodAsItsCodecBothWays()
    {
        var quality = Of(Clean);
        Assert.Equal((4.41, 0.0, 1.0, 50.0), (Math.Round(quality.Received!.Mos, 2), quality.Received.LossPercent, quality.Received.BurstRatio, quality.Received.DelayMs));
        // The peer's playout buffer comes on top: a packet here, since its jitter is small.
        Assert.Equal((4.41, 70.0), (Math.Round(quality.Sent!.Mos, 2), quality.Sent.DelayMs));
    }

    [Fact]
    public void Of_LostAndLate_BothWereNotHeard()
    {
        // 1000 sent to us: 30 never came, 20 too late; 5 came twice.
        var received = Of(Clean with { PacketsReceived = 975, Lost = 25, Late = 20, Duplicates = 5 }, bursts: 50).Received!;
        Assert.Equal(5, received.LossPercent, 1e-9);
        Assert.Equal(1, received.BurstRatio);
        Assert.Equal(93.2 - 15.78, received.Rating, 0.01);
    }

    [Fact]
    public void Of_LossInBursts_IsWorseThanSingly()
    {
        var rtp = Clean with { PacketsReceived = 950, Lost = 50 };
        var singly = Of(rtp, bursts: 50).Received!;
        var bursts = Of(rtp, bursts: 10).Received!;
        Assert.Equal(5 * 0.95, bursts.BurstRatio, 1e-9);
        Assert.InRange(bursts.Mos, 1, singly.Mos - 0.05);
    }

    [Fact]
    public void Of_ReportedLossAndJitter_LowerWhatThePeerHears()
    {
        var sent = Of(Clean with { RemoteCumulativeLost = 100, RemoteJitterSeconds = 0.05, RoundTrip = TimeSpan.FromMilliseconds(300) }).Sent!;
        Assert.Equal((10.0, 20.0 + 150 + 100), (sent.LossPercent, sent.DelayMs));
        Assert.InRange(sent.Mos, 1, 3.3);
    }

    [Fact]
    public void Of_MoreReceivedThanSent_IsNoLoss() => Assert.Equal(0, Of(Clean with { RemoteCumulativeLost = -3 }).Sent!.LossPercent);
}
