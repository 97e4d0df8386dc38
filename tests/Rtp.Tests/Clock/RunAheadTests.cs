using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Clock;

/// <summary>A period of 20 in eight slots, as 2.5 ms is a number of ticks that no test wants to read: here a tick is 10 and a period 80.</summary>
public class RunAheadTests
{
    private const int Tick = 10;
    private const int Period = 80;

    private readonly FakeSleeper _sleeper = new();
    private readonly LegTable _legs;
    private readonly ClockLoop _loop;

    public RunAheadTests()
    {
        var readiness = new PollReadiness();
        _legs = new LegTable(8, readiness);
        _loop = new ClockLoop(_legs, readiness, _sleeper, new TickSchedule(Tick, 8, 10_000), new LatenessWatch("clock", 50), stall: Period);
        _loop.Start();
    }

    private sealed class Leg : IClocked
    {
        public List<long> Ticks { get; } = [];

        public Action<long>? OnTicked { get; set; }

        public required ClockLease Lease { get; set; }

        public Socket? ReadableRtp => null;

        public Socket? ReadableRtcp => null;

        public void OnReadable()
        {
        }

        public void OnTick(long timestamp20ms)
        {
            Ticks.Add(timestamp20ms);
            OnTicked?.Invoke(timestamp20ms);
        }

        public void OnFault(Exception exception)
        {
        }

        public IEnumerable<long> Intervals => Ticks.Zip(Ticks.Skip(1), (a, b) => b - a);
    }

    private Leg Add()
    {
        var leg = new Leg { Lease = null! };
        leg.Lease = new ClockLease(_legs, _legs.Add(leg));
        return leg;
    }

    private void Run(int ticks)
    {
        for (var i = 0; i < ticks; i++)
            _loop.RunTick();
    }

    /// <summary>The leg's own ticks are at 10, 90, 170, …: run up to the one at 170, and then so many ticks on.</summary>
    private Leg AddAndRunPast170(int ticks)
    {
        var leg = Add();
        Run(17 + ticks);
        Assert.Equal([10, 90, 170], leg.Ticks);
        return leg;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void RunAhead_BetweenTicks_TicksWithTheNextAndAPeriodApart(int ticks)
    {
        var leg = AddAndRunPast170(ticks);
        leg.Lease.RunAhead();
        Run(1 + (4 * 8));

        var first = 170 + ((ticks + 1) * Tick);
        Assert.True(leg.Lease.IsAhead);
        Assert.Equal([first, first + Period, first + (2 * Period), first + (3 * Period), first + (4 * Period)], leg.Ticks.Skip(3));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void RunAhead_DueAnyway_StaysInItsPlace(int ticks)
    {
        var leg = AddAndRunPast170(ticks);
        leg.Lease.RunAhead();
        Run(32);

        Assert.False(leg.Lease.IsAhead);
        Assert.All(leg.Intervals, interval => Assert.Equal(Period, interval));
    }

    [Fact]
    public void Settle_AtAnyMoment_IsBackInItsPlaceAndHasTickedAsOftenAsWithout()
    {
        for (var ahead = 0; ahead < 6; ahead++)
        {
            for (var after = 0; after < 24; after++)
            {
                var test = new RunAheadTests();
                var leg = test.AddAndRunPast170(ahead);
                leg.Lease.RunAhead();
                test.Run(3 + after);
                leg.Lease.Settle();
                test.Run(80);

                Assert.False(leg.Lease.IsAhead);
                var last = leg.Ticks[^1];
                Assert.Equal(10, last % Period);
                Assert.Equal((last / Period) + 1, leg.Ticks.Count);
                // One interval is shorter and one is longer, by the same.
                var odd = leg.Intervals.Where(interval => interval != Period).ToArray();
                Assert.Equal(2, odd.Length);
                Assert.True(odd[0] < Period);
                Assert.Equal(2 * Period, odd[0] + odd[1]);
            }
        }
    }

    [Fact]
    public void RunAheadAndSettle_FromWithinTheTick_ManyTurns_NeverDrift()
    {
        var leg = Add();
        var random = new Random(5);
        for (var turn = 0; turn < 200; turn++)
        {
            Run(random.Next(3, 20));
            leg.Lease.RunAhead();
            Run(random.Next(10, 40));
            leg.OnTicked = _ => leg.Lease.Settle();
            Run(17);
            leg.OnTicked = null;
            Assert.False(leg.Lease.IsAhead);
            // As many ticks as periods, give or take the one that may be due.
            Assert.InRange(leg.Ticks.Count - ((_sleeper.Now + Period - 10) / Period), -1, 1);
        }
        Assert.All(leg.Intervals, interval => Assert.InRange(interval, Tick, (2 * Period) - Tick));
    }

    [Fact]
    public void RunAhead_Twice_IsNeverAheadByMoreThanAPeriod()
    {
        var leg = AddAndRunPast170(2);
        for (var i = 0; i < 20; i++)
        {
            leg.Lease.RunAhead();
            Run(3);
        }

        Assert.Equal(1, leg.Intervals.Count(interval => interval != Period));
    }

    [Fact]
    public void RunAhead_TickWasBroughtForwardInThisPeriod_WaitsUntilThatIsMadeUpFor()
    {
        var leg = AddAndRunPast170(2);
        Assert.True(leg.Lease.TickNow());
        leg.Lease.RunAhead();
        Run(32);

        // The one at 250 is left out; the one at 330 comes as soon as it may.
        Assert.True(leg.Lease.IsAhead);
        Assert.Equal([260, 340, 420, 500], leg.Ticks.Skip(4));
    }

    [Fact]
    public void TickNow_WhileAheadThenSettle_LeavesOutOneForEach()
    {
        var leg = AddAndRunPast170(2);
        leg.Lease.RunAhead();
        Run(9);
        Assert.Equal([200, 280], leg.Ticks.Skip(3));
        Assert.True(leg.Lease.TickNow());
        leg.Lease.Settle();
        Run(80);

        // 330 was ticked at 280 and 410 by TickNow: the next is 490.
        Assert.Equal([490, 570], leg.Ticks.Skip(6).Take(2));
    }

    [Fact]
    public void RunAhead_BeforeTheClockHasTakenTheLegIn_IsNoFault()
    {
        Run(3);
        var leg = Add();
        leg.Lease.RunAhead();
        Run(40);

        Assert.Equal(5, leg.Ticks.Count);
        Assert.All(leg.Intervals, interval => Assert.Equal(Period, interval));
    }

    [Fact]
    public void Dispose_WhileAhead_IsTheEnd()
    {
        var leg = AddAndRunPast170(2);
        leg.Lease.RunAhead();
        Run(1);
        var ticks = leg.Ticks.Count;
        leg.Lease.Settle();
        leg.Lease.Dispose();
        Run(40);
        _loop.Rest();

        Assert.Equal(ticks, leg.Ticks.Count);
        Assert.All(Enumerable.Range(0, 8), slot => Assert.Empty(_legs.Slots[slot]));
    }

    [Fact]
    public void RunAheadAndSettle_OfManyLegs_AllocateNothing()
    {
        var legs = Enumerable.Range(0, 100).Select(_ => Add()).ToArray();
        legs.ToList().ForEach(leg => leg.Ticks.Capacity = 10_000);
        void Turn()
        {
            foreach (var leg in legs)
                leg.Lease.RunAhead();
            Run(12);
            foreach (var leg in legs)
                leg.Lease.Settle();
            Run(28);
        }

        for (var i = 0; i < 10; i++)
            Turn();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
            Turn();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
