namespace VoiceGateway.Rtp.Tests.Reordering;

public class ReorderPatienceTests
{
    private readonly ReorderPatience _patience = new(minTicks: 20_000, maxTicks: 200_000);

    [Fact]
    public void WaitTicks_QuietLine_IsTheLeast() => Assert.Equal(20_000, _patience.WaitTicks(0));

    [Fact]
    public void WaitTicks_Jitter_IsThreeTimesThat()
    {
        Assert.Equal(60_000, _patience.WaitTicks(20_000));
        Assert.Equal(200_000, _patience.WaitTicks(90_000));
    }

    [Fact]
    public void OnOvertaken_RaisesTheWaitAtOnceAndIsForgottenInSeconds()
    {
        _patience.OnOvertaken(80_000);
        Assert.Equal(100_000, _patience.WaitTicks(0));

        for (var packet = 0; packet < 50 * 7; packet++)
            _patience.OnPacket();
        Assert.InRange(_patience.WaitTicks(0), 45_000, 55_000);
        for (var packet = 0; packet < 50 * 20; packet++)
            _patience.OnPacket();
        Assert.Equal(20_000, _patience.WaitTicks(0));
    }

    [Fact]
    public void OnOvertaken_ByMoreThanTheLongestWait_TeachesNothing()
    {
        _patience.OnOvertaken(200_001);
        Assert.Equal(20_000, _patience.WaitTicks(0));
        _patience.OnOvertaken(200_000);
        Assert.Equal(200_000, _patience.WaitTicks(0));
    }
}
