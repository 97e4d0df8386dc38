namespace VoiceGateway.Rtp.Tests.Rtcp;

public class RtcpIntervalTests
{
    private const double Bandwidth = 500;

    [Theory]
    [InlineData(0.0, 2.5)]
    [InlineData(0.5, 5.0)]
    [InlineData(1.0, 7.5)]
    public void Next_OrdinaryCall_IsFiveSecondsSpreadAndCompensated(double random, double seconds)
    {
        Assert.Equal(seconds / 1.21828, RtcpInterval.Next(128, Bandwidth, isInitial: false, random).TotalSeconds, 3);
    }

    [Fact]
    public void Next_BeforeTheFirstReport_IsHalf()
    {
        Assert.Equal(2.5 / 1.21828, RtcpInterval.Next(128, Bandwidth, isInitial: true, 0.5).TotalSeconds, 3);
    }

    [Fact]
    public void Next_LargePackets_AreHeldToTheBandwidth()
    {
        // 2 members * 2500 bytes / 500 bytes a second = 10 s
        Assert.Equal(10 / 1.21828, RtcpInterval.Next(2500, Bandwidth, isInitial: false, 0.5).TotalSeconds, 3);
    }
}
