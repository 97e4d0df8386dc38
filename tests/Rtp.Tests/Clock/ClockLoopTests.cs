using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Clock;

public class ClockLoopTests
{
    private readonly FakeSleeper _sleeper = new();
    private readonly LegTable _legs;
    private readonly LatenessWatch _watch = new("clock", 5);
    private readonly ClockLoop _loop;

    public ClockLoopTests()
    {
        var readiness = new PollReadiness();
        _legs = new LegTable(4, readiness);
        _loop = new ClockLoop(_legs, readiness, _sleeper, new TickSchedule(5, 4, 500), _watch, stall: 20);
        _loop.Start();
    }

    private sealed class Leg(Action<Leg>? onTick = null) : IClocked
    {
        public List<long> Deadlines { get; } = [];

        public List<Exception> Faults { get; } = [];

        public ClockLease? Lease { get; set; }

        public Socket? ReadableRtp => null;

        public Socket? ReadableRtcp => null;

        public void OnReadable()
        {
        }

        public void OnTick(long timestamp20ms)
        {
            Deadlines.Add(timestamp20ms);
            onTick?.Invoke(this);
        }

        public bool WantsHalfTicks { get; set; }

        public List<long> HalfTicks { get; } = [];

        public Func<long>? Clock { get; set; }

        public void OnHalfTick() => HalfTicks.Add(Clock?.Invoke() ?? throw new InvalidOperationException("half"));

        public void OnFault(Exception exception)
        {
            Faults.Add(exception);
            if (exception.Message == "twice")
                throw exception;
        }
    }

    private Leg Add(Action<Leg>? onTick = null)
    {
        var leg = new Leg(onTick);
        leg.Lease = new ClockLease(_legs, _legs.Add(leg));
        return leg;
    }

    private void Run(int ticks)
    {
        for (var i = 0; i < ticks; i++)
            _loop.RunTick();
    }

    [Fact]
    public void RunTick_LegThatWantsHalfTicks_GetsThemTenAfterItsOwn()
    {
        var other = Add();
        var leg = Add();
        (leg.WantsHalfTicks, leg.Clock) = (true, () => _sleeper.Now);
        Run(40);
        leg.WantsHalfTicks = false;
        Run(40);

        Assert.Empty(other.HalfTicks);
        Assert.Equal(10, leg.HalfTicks.Count);
        Assert.Equal([20, 40, 60], leg.HalfTicks.Take(3));
        Assert.Equal([10, 30, 50], leg.Deadlines.Take(3));
    }

    [Fact]
    public void RunTick_HalfTickThatThrows_TakesTheLegOff()
    {
        var leg = Add();
        leg.WantsHalfTicks = true;
        Run(8);

        Assert.Equal("half", Assert.Single(leg.Faults).Message);
        Assert.Equal(1, _loop.Faults);
    }

    [Fact]
    public void RunTick_LegsInFourSlots_TickEvery20AndFiveApart()
    {
        var legs = Enumerable.Range(0, 4).Select(_ => Add()).ToArray();
        Run(40);

        Assert.All(legs, leg => Assert.Equal(10, leg.Deadlines.Count));
        Assert.All(legs, leg => Assert.All(leg.Deadlines.Zip(leg.Deadlines.Skip(1)), pair => Assert.Equal(20, pair.Second - pair.First)));
        Assert.Equal([5, 10, 15, 20], legs.Select(leg => leg.Deadlines[0]));
    }

    [Fact]
    public void Add_ManyLegs_AreSpreadEvenlyAlsoAfterRemovals()
    {
        var legs = Enumerable.Range(0, 40).Select(_ => Add()).ToList();
        Assert.All(Enumerable.Range(0, 4), slot => Assert.Equal(10, legs.Count(leg => leg.Lease!.Slot == slot)));

        foreach (var leg in legs.Where(leg => leg.Lease!.Slot == 2).ToArray())
            leg.Lease!.Dispose();
        for (var i = 0; i < 10; i++)
            Assert.Equal(2, Add().Lease!.Slot);
        Assert.Equal(40, _legs.Count);
    }

    [Fact]
    public void RunTick_AfterAStall_CatchesUpExactlyAndKeepsTheCadence()
    {
        var leg = Add();
        Run(8);
        _sleeper.Now += 100;
        var stalledAt = _sleeper.Now;
        Run(4);
        while (_sleeper.Now == stalledAt)
            Run(1);

        // 100 late: five ticks of this leg were held up, and no more than those come at once.
        Assert.InRange(leg.Deadlines.Count(deadline => deadline > 40 && deadline <= stalledAt), 5, 5);
        Run(40);
        Assert.All(leg.Deadlines.Zip(leg.Deadlines.Skip(1)), pair => Assert.Equal(20, pair.Second - pair.First));
        Assert.True(_watch.Late is > 0 and <= 20);
        Assert.Equal(95, _watch.Worst);
        Assert.Equal(0, _loop.SkippedTicks);
    }

    [Fact]
    public void RunTick_AfterAVeryLongStall_SkipsAndSays()
    {
        var leg = Add();
        Run(4);
        _sleeper.Now += 60_000;
        Run(40);

        Assert.InRange(_loop.SkippedTicks, 11_990, 12_000);
        Assert.InRange(leg.Deadlines.Count, 9, 12);
        Assert.All(leg.Deadlines.Zip(leg.Deadlines.Skip(1)), pair => Assert.Equal(0, (pair.Second - pair.First) % 20));
    }

    [Fact]
    public void RunTick_LegThrows_IsRemovedAndToldAndOthersGoOn()
    {
        var bad = Add(_ => throw new InvalidOperationException("bug"));
        var worse = Add(_ => throw new InvalidOperationException("twice"));
        var good = Add();
        Run(40);

        Assert.Single(bad.Deadlines);
        Assert.Equal("bug", Assert.Single(bad.Faults).Message);
        Assert.Single(worse.Faults);
        Assert.Equal(10, good.Deadlines.Count);
        Assert.Equal((1, 2), (_legs.Count, _loop.Faults));
        bad.Lease!.Dispose();
        Assert.Equal(1, _legs.Count);
    }

    [Fact]
    public void Dispose_FromWithinTheCallback_IsItsLast()
    {
        var leg = Add(self => self.Lease!.Dispose());
        Run(40);

        Assert.Single(leg.Deadlines);
        Assert.Equal(0, _legs.Count);
    }

    [Fact]
    public void Dispose_OfAnotherLegInTheSameTick_StopsItAtOnce()
    {
        Leg? second = null;
        var first = Add(_ => second!.Lease!.Dispose());
        Add();
        Add();
        Add();
        second = Add(); // the same slot as the first
        Assert.Equal(first.Lease!.Slot, second.Lease!.Slot);
        Run(40);

        Assert.Empty(second.Deadlines);
    }

    [Fact]
    public void Add_FromWithinACallback_TicksInTheNextRound()
    {
        Leg? added = null;
        Add(_ => added ??= Add());
        Run(40);

        Assert.True(added!.Deadlines.Count >= 9);
    }

    [Fact]
    public void Find_TokenOfARemovedLeg_IsNotTheNextOneInItsPlace()
    {
        var old = _legs.Add(new Leg());
        new ClockLease(_legs, old).Dispose();
        var next = _legs.Add(new Leg());

        Assert.Equal(old.Index, next.Index);
        Assert.Null(_legs.Find(old.Token));
        Assert.Same(next, _legs.Find(next.Token | 1));
    }

    [Fact]
    public void Add_MoreThanTheTableHolds_GrowsIt()
    {
        var legs = Enumerable.Range(0, 500).Select(_ => _legs.Add(new Leg())).ToArray();

        Assert.All(legs, leg => Assert.Same(leg, _legs.Find(leg.Token)));
        Assert.All(legs, leg => new ClockLease(_legs, leg).Dispose());
        Assert.Equal(0, _legs.Count);
    }
}
