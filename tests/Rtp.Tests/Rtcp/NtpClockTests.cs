namespace VoiceGateway.Rtp.Tests.Rtcp;

public class NtpClockTests
{
    [Fact]
    public void At_KnownInstant_CountsFrom1900()
    {
        var time = new ManualTime();
        var clock = new NtpClock(time);
        var seconds = (time.GetUtcNow() - new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds;

        Assert.Equal((uint)(long)seconds, (uint)(clock.At(time.GetTimestamp()) >> 32));
        time.AdvanceMs(500);
        Assert.Equal(0.5, (uint)clock.At(time.GetTimestamp()) / (double)uint.MaxValue, 4);
    }

    [Fact]
    public void MiddleAt_OneSecondOn_GrowsBy65536()
    {
        var time = new ManualTime();
        var clock = new NtpClock(time);
        var before = clock.MiddleAt(time.GetTimestamp());
        time.AdvanceMs(1000);

        Assert.InRange(clock.MiddleAt(time.GetTimestamp()) - before, 65535u, 65537u);
    }
}
