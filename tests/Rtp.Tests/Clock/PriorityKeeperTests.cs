using System.Diagnostics;

namespace VoiceGateway.Rtp.Tests.Clock;

public class PriorityKeeperTests
{
    private static readonly long Second = Stopwatch.Frequency;

    private readonly List<int> _asked = [];
    private readonly PriorityKeeper _keeper;
    private ClockScheduling _most = ClockScheduling.RealTime;
    private long _now = 5000 * Stopwatch.Frequency;
    private long _busy;

    public PriorityKeeperTests() => _keeper = new PriorityKeeper(10, Ask);

    private ClockScheduling Ask(int priority)
    {
        _asked.Add(priority);
        return priority > 0 ? _most : _most < ClockScheduling.Favoured ? _most : ClockScheduling.Favoured;
    }

    /// <summary>Seconds of 400 ticks, so busy.</summary>
    private void Run(PriorityKeeper keeper, double seconds, double share)
    {
        for (var i = 0; i < seconds * 400; i++)
        {
            _now += Second / 400;
            _busy += (long)(share * Second / 400);
            keeper.Look(_now, _busy);
        }
    }

    [Fact]
    public void Look_LittleToDo_KeepsRealTime()
    {
        Assert.Equal(ClockScheduling.RealTime, _keeper.Begin());
        Run(_keeper, 20, 0.65);

        Assert.Equal(ClockScheduling.RealTime, _keeper.Now);
        Assert.Equal([10], _asked);
    }

    [Fact]
    public void Look_BusyMostOfTheTime_GivesRealTimeBackUntilAtEase()
    {
        _keeper.Begin();
        Run(_keeper, 2, 0.3);
        Run(_keeper, 2.5, 0.8);
        Assert.Equal(ClockScheduling.Favoured, _keeper.Now);
        Run(_keeper, 10, 0.6);
        Assert.Equal(ClockScheduling.Favoured, _keeper.Now);
        Run(_keeper, 2.5, 0.4);

        Assert.Equal(ClockScheduling.RealTime, _keeper.Now);
        Assert.Equal([10, 0, 10], _asked);
    }

    [Theory]
    [InlineData(ClockScheduling.Ordinary)]
    [InlineData(ClockScheduling.Favoured)]
    public void Look_RealTimeWasNotGranted_AsksNoMore(ClockScheduling granted)
    {
        _most = granted;
        Assert.Equal(granted, _keeper.Begin());
        Run(_keeper, 5, 0.9);
        Run(_keeper, 5, 0.1);

        Assert.Equal([10], _asked);
    }

    [Fact]
    public void Begin_NotAskedFor_AsksForNothing()
    {
        var keeper = new PriorityKeeper(0, Ask);
        Assert.Equal(ClockScheduling.Ordinary, keeper.Begin());
        Run(keeper, 5, 0.9);

        Assert.Empty(_asked);
    }
}
