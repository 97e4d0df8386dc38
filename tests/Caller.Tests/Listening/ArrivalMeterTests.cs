namespace VoiceGateway.Caller.Tests;

public class ArrivalMeterTests
{
    private readonly ArrivalMeter _meter = new(new ArrivalHistogram());

    [Fact]
    public void OnPacket_InTime_IsNotLate()
    {
        _meter.OnPacket(At(1000), 0);

        Assert.Equal(0, _meter.OnPacket(At(1020), 160));
        Assert.Equal(20, _meter.Histogram.MaxMs, 0.001);
    }

    [Fact]
    public void OnPacket_Late_TellsByHowMuch()
    {
        _meter.OnPacket(At(1000), 0);

        Assert.Equal(80, StopwatchTime.Milliseconds(_meter.OnPacket(At(1100), 160)), 0.001);
    }

    [Fact]
    public void OnPacket_SilenceWasSuppressed_IsNotLate()
    {
        _meter.OnPacket(At(1000), 0);

        Assert.Equal(0, _meter.OnPacket(At(2000), 8000));
    }

    [Fact]
    public void OnPacket_NewStream_ConnectsToNothing()
    {
        _meter.OnPacket(At(1000), 0);
        _meter.Restart();

        Assert.Equal(0, _meter.OnPacket(At(5000), 77));
        Assert.Equal(0, _meter.Histogram.Count);
        Assert.Equal(At(1000), _meter.FirstArrival);
    }

    [Fact]
    public void OnPacket_OwnClockWasLate_BlamesNobody()
    {
        _meter.OnPacket(At(1000), 0);

        Assert.Equal(0, _meter.OnPacket(At(1140), 160, clockWasLate: true));
        Assert.Equal(0, _meter.OnPacket(At(1140), 320, clockWasLate: true));
        Assert.Equal(2, _meter.Unmeasured);
        Assert.Equal(0, _meter.Histogram.Count);

        Assert.Equal(0, _meter.OnPacket(At(1150), 480));
        Assert.Equal(1, _meter.Histogram.Count);
    }

    private static long At(int milliseconds) => StopwatchTime.Ticks(TimeSpan.FromMilliseconds(milliseconds));
}
