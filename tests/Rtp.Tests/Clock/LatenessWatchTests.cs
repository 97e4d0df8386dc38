using System.Diagnostics;
using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Clock;

public class LatenessWatchTests
{
    private static readonly long Ms = Stopwatch.Frequency / 1000;

    private readonly FakePressure _pressure = new();
    private readonly List<LateTick> _told = [];
    private readonly LatenessWatch _watch;
    private long _deadline = 1000 * Stopwatch.Frequency;

    public LatenessWatchTests()
    {
        _watch = new LatenessWatch("media 1", 5 * Ms, _told.Add);
        _watch.Attach(_pressure);
        _watch.Rested(_deadline);
    }

    private sealed class FakePressure : ISystemPressure
    {
        public long CollectorPauses { get; set; }

        public long RunQueueWait { get; set; }

        public long Steal { get; set; }

        public int StealReads { get; private set; }

        long ISystemPressure.Steal
        {
            get
            {
                StealReads++;
                return Steal;
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class Leg : IClocked
    {
        public Socket? ReadableRtp => null;

        public Socket? ReadableRtcp => null;

        public void OnReadable()
        {
        }

        public void OnTick(long timestamp20ms)
        {
        }

        public void OnFault(Exception exception)
        {
        }
    }

    /// <summary>One tick, so late; its work takes so long.</summary>
    private void Tick(double late = 0, double takes = 0.1)
    {
        _deadline += (long)(2.5 * Ms);
        var began = _deadline + (long)(late * Ms);
        _watch.TickBegan(began, _deadline);
        _watch.TickEnded(began + (long)(takes * Ms));
    }

    private void Ticks(int count)
    {
        for (var i = 0; i < count; i++)
            Tick(late: 0.1);
    }

    private LateTickCause TheCause()
    {
        var cause = Assert.Single(_told).Cause;
        Assert.Equal(1, _watch.LateBecause(cause));
        Assert.Equal(1, _watch.Late);
        return cause;
    }

    [Fact]
    public void Tick_InTime_IsNotLate()
    {
        Ticks(100);
        Tick(late: 5);

        Assert.Equal(0, _watch.Late);
        Assert.Equal(5 * Ms, _watch.Worst);
        Assert.Empty(_told);
    }

    [Fact]
    public void LateTick_CollectorPaused_IsTheCollectors()
    {
        Ticks(10);
        (_pressure.CollectorPauses, _pressure.RunQueueWait) = (20 * Ms, 3 * Ms);
        Tick(late: 25);

        Assert.Equal(LateTickCause.GarbageCollection, TheCause());
        Assert.Equal(25, _told[0].Lateness.TotalMilliseconds, 0.01);
        Assert.Equal(("media 1", 1L), (_told[0].Clock, _told[0].LateTicks));
    }

    [Fact]
    public void LateTick_ThreadWaitedForACore_IsTheRunQueues()
    {
        Ticks(10);
        _pressure.RunQueueWait = 9 * Ms;
        Tick(late: 10);

        Assert.Equal(LateTickCause.RunQueue, TheCause());
    }

    [Fact]
    public void LateTick_HypervisorTookTheCores_IsStolen()
    {
        Ticks(10);
        _pressure.Steal = 20 * Ms;
        Tick(late: 25);

        Assert.Equal(LateTickCause.Steal, TheCause());
    }

    [Fact]
    public void LateTick_AfterOneLongCallback_IsThatLegs()
    {
        var culprit = new Leg();
        var leg = new ClockLeg(culprit, 0, 1, 0);
        var other = new ClockLeg(new Leg(), 1, 2, 0);
        Ticks(10);
        _watch.Ran(other, Ms);
        _watch.Ran(leg, 30 * Ms);
        _watch.Ran(other, Ms);
        Tick(late: 29.5);

        Assert.Equal(LateTickCause.Callback, TheCause());
        Assert.Same(culprit, _told[0].Leg);
        Assert.Equal(30, _told[0].LegTook.TotalMilliseconds, 0.01);
    }

    [Fact]
    public void LateTick_AfterManyShortOnes_IsOverload()
    {
        Ticks(10);
        _watch.Ran(new ClockLeg(new Leg(), 0, 1, 0), Ms);
        Tick(late: 0.1, takes: 12);
        Tick(late: 9.6);

        Assert.Equal(LateTickCause.Overload, TheCause());
    }

    [Fact]
    public void LateTick_ForNoKnownReason_SaysSo()
    {
        Ticks(10);
        Tick(late: 8);

        Assert.Equal(LateTickCause.Unknown, TheCause());
    }

    [Fact]
    public void LateTicks_ThatMakeUpForAStall_HaveItsCause()
    {
        Ticks(10);
        _pressure.CollectorPauses = 40 * Ms;
        for (var late = 40.0; late > 0; late -= 2.4)
            Tick(late, takes: 0.1);

        Assert.Equal(_watch.Late, _watch.LateBecause(LateTickCause.GarbageCollection));
        Assert.InRange(_watch.Late, 14, 15);
    }

    [Fact]
    public void LateTicks_GrowingLaterAgain_AreExplainedAnew()
    {
        Ticks(10);
        _pressure.CollectorPauses = 10 * Ms;
        Tick(late: 10);
        _pressure.RunQueueWait = 30 * Ms;
        Tick(late: 40);

        Assert.Equal((1, 1), (_watch.LateBecause(LateTickCause.GarbageCollection), _watch.LateBecause(LateTickCause.RunQueue)));
    }

    [Fact]
    public void LateTicks_Many_AreToldOnceInTenSecondsWithTheirCount()
    {
        for (var i = 0; i < 4 * 400 * 10; i++)
            Tick(late: i % 40 == 0 ? 10 : 0.1);

        Assert.Equal(400, _watch.Late);
        Assert.InRange(_told.Count, 4, 5);
        Assert.Equal(_told.Sum(late => late.LateTicks), 1 + (100 * (_told.Count - 1)), 3.0);
    }

    [Fact]
    public void Rest_WhatWasLateBefore_ExplainsNothing()
    {
        Ticks(10);
        _pressure.RunQueueWait = 500 * Ms;
        _deadline += 60_000 * Ms;
        _watch.Rested(_deadline);
        Tick(late: 8);

        Assert.Equal(LateTickCause.Unknown, TheCause());
    }

    [Fact]
    public void Pressure_DearOnes_AreNotReadWithEveryTick()
    {
        Ticks(4000); // ten seconds

        Assert.InRange(_pressure.StealReads, 1, 12);
    }
}
