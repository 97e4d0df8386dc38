namespace VoiceGateway.Rtp.Tests.Clock;

public class TickScheduleTests
{
    private readonly TickSchedule _schedule = new(tickLength: 5, slots: 4, maxCatchUp: 500);

    [Fact]
    public void Advance_InTime_StepsBySlotWithoutDrift()
    {
        _schedule.Start(1000);
        for (var tick = 0; tick < 100; tick++)
        {
            Assert.Equal(1005 + (tick * 5), _schedule.Deadline);
            Assert.Equal(tick % 4, _schedule.Slot);
            _schedule.Advance(_schedule.Deadline + 3);
        }
    }

    [Fact]
    public void Advance_LateWithinTheLimit_KeepsEveryTick()
    {
        _schedule.Start(0);
        _schedule.Advance(5 + 400);

        Assert.Equal((10, 1, 0), (_schedule.Deadline, _schedule.Slot, _schedule.Skipped));
    }

    [Fact]
    public void Advance_BeyondTheLimit_SkipsWholePeriods()
    {
        _schedule.Start(0);
        _schedule.Advance(10_017);

        Assert.Equal(1, _schedule.Slot);
        Assert.InRange(10_017 - _schedule.Deadline, 0, 19);
        Assert.Equal(0, (_schedule.Deadline - 10) % 20);
        Assert.Equal((_schedule.Deadline - 10) / 5, _schedule.Skipped);
    }
}
