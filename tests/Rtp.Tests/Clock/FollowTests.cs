using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Clock;

/// <summary>Legs whose packets come in one of eight ticks: a tick is 10 and a period 80, as in <see cref="RunAheadTests"/>.</summary>
public sealed class FollowTests : IDisposable
{
    private const int Tick = 10;
    private const int Period = 80;
    private const int Slots = 8;

    private readonly FakeSleeper _sleeper = new();
    private readonly Network _network = new();
    private readonly LegTable _legs;
    private readonly ClockLoop _loop;
    private int _ticks;

    public FollowTests()
    {
        _legs = new LegTable(Slots, _network);
        _loop = new ClockLoop(_legs, _network, _sleeper, new TickSchedule(Tick, Slots, 10_000), new LatenessWatch("clock", 50), stall: Period);
        _loop.Start();
    }

    public void Dispose() => _network.Dispose();

    /// <summary>Tells of whoever has a packet in this tick.</summary>
    private sealed class Network : IReadiness
    {
        private readonly List<(Socket Socket, long Token)> _watched = [];

        public HashSet<Socket> Ready { get; } = [];

        public void Add(Socket socket, long token) => _watched.Add((socket, token));

        public void Remove(Socket socket, long token) => _watched.Remove((socket, token));

        public int Collect(Span<long> tokens)
        {
            var count = 0;
            foreach (var (socket, token) in _watched)
                if (Ready.Contains(socket)) tokens[count++] = token;
            return count;
        }

        public void Dispose()
        {
            foreach (var (socket, _) in _watched) socket.Dispose();
        }
    }

    private sealed class Leg : IClocked
    {
        private readonly Socket _socket = new(SocketType.Dgram, ProtocolType.Udp);

        public List<long> Ticks { get; } = [];

        public int Packets { get; private set; }

        public required ClockLease Lease { get; set; }

        /// <summary>The tick of the period in which a packet comes, for each period.</summary>
        public required Func<int, int> ArrivesIn { get; init; }

        public Socket ReadableRtp => _socket;

        public Socket? ReadableRtcp => null;

        public void OnReadable() => Packets++;

        public void OnTick(long timestamp20ms) => Ticks.Add(timestamp20ms);

        public void OnFault(Exception exception)
        {
        }

        public IEnumerable<long> Intervals => Ticks.Zip(Ticks.Skip(1), (a, b) => b - a);
    }

    private Leg Add(Func<int, int> arrivesIn)
    {
        var leg = new Leg { Lease = null!, ArrivesIn = arrivesIn };
        leg.Lease = new ClockLease(_legs, _legs.Add(leg));
        return leg;
    }

    private void Run(int periods, params Leg[] legs) => RunTicks(periods * Slots, legs);

    private void RunTicks(int ticks, params Leg[] legs)
    {
        for (var end = _ticks + ticks; _ticks < end; _ticks++)
        {
            _network.Ready.Clear();
            foreach (var leg in legs)
                if (leg.ArrivesIn(_ticks / Slots) == _ticks % Slots) _network.Ready.Add(leg.ReadableRtp);
            _loop.RunTick();
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, Tick)]
    [InlineData(3, 3 * Tick)]
    [InlineData(4, 4 * Tick)]
    [InlineData(5, -3 * Tick)]
    [InlineData(7, -Tick)]
    public void Packets_AlwaysInOneTick_TheLegTicksRightBeforeThem(int slot, int once)
    {
        var leg = Add(_ => slot);
        Run(100, leg);

        Assert.Equal(slot, leg.Lease.Slot);
        Assert.Equal(100, leg.Packets);
        Assert.Equal(once == 0 ? [] : [Period + once], leg.Intervals.Where(static interval => interval != Period));
        Assert.Equal(once < 0 ? 101 : 100, leg.Ticks.Count);
        Assert.False(leg.Lease.IsAhead);
    }

    [Fact]
    public void Packets_HardlyEverAnywhereElse_AreFollowedAllTheSame()
    {
        var leg = Add(static period => period % 4 == 0 ? 5 : 2);
        Run(100, leg);

        Assert.Equal(2, leg.Lease.Slot);
        Assert.Single(leg.Intervals, static interval => interval != Period);
    }

    [Fact]
    public void Packets_NowHereNowThere_ChangeNothing()
    {
        var leg = Add(static period => 2 + (period % 2));
        var scattered = Add(static period => (period * 5) % Slots);
        Run(1000, leg, scattered);

        Assert.Equal((0, 1), (leg.Lease.Slot, scattered.Lease.Slot));
        Assert.All((Leg[])[leg, scattered], static leg => Assert.All(leg.Intervals, static interval => Assert.Equal(Period, interval)));
    }

    [Fact]
    public void Packets_OfAPeerWhoseClockDrifts_AreFollowedTickByTick()
    {
        // Later by a tick every hundred periods, and the other way.
        var slow = Add(static period => (1 + (period / 100)) % Slots);
        var fast = Add(static period => (8000 - (period / 100)) % Slots);
        Run(1600, slow, fast);

        Assert.Equal(16, slow.Intervals.Count(static interval => interval == Period + Tick));
        Assert.Equal(16, fast.Intervals.Count(static interval => interval == Period - Tick));
        Assert.All(slow.Intervals.Concat(fast.Intervals), static interval => Assert.InRange(interval, Period - Tick, Period + Tick));
        // Two periods and no more, like the packets.
        Assert.Equal((1598, 1602), (slow.Ticks.Count, fast.Ticks.Count));
    }

    [Fact]
    public void Packets_OfManyInTheSameMoment_DoNotCrowdOneTick()
    {
        var legs = Enumerable.Range(0, 160).Select(_ => Add(static _ => 3)).ToArray();
        Run(200, legs);

        var slots = legs.CountBy(static leg => leg.Lease.Slot).ToDictionary();
        Assert.InRange(slots[3], 25, 30);
        Assert.All(slots.Where(static slot => slot.Key != 3), static slot => Assert.InRange(slot.Value, 15, 20));
        Assert.All(legs, static leg => Assert.InRange(leg.Ticks.Count, 199, 201));
    }

    [Fact]
    public void Packets_WhileTheLegRunsAhead_WaitUntilItHasSettled()
    {
        var leg = Add(static _ => 6);
        RunTicks((2 * Slots) + 3, leg);
        leg.Lease.RunAhead();
        RunTicks((100 * Slots) - 3, leg);
        Assert.Equal((0, true), (leg.Lease.Slot, leg.Lease.IsAhead));

        leg.Lease.Settle();
        Run(100, leg);
        Assert.Equal((6, false), (leg.Lease.Slot, leg.Lease.IsAhead));
        Assert.Equal(203, leg.Ticks.Count);
        // Ahead, settled, and two ticks earlier at last.
        Assert.Equal([Period - 50, Period + 50, Period - 20], leg.Intervals.Where(static interval => interval != Period));
    }

    [Fact]
    public void Dispose_OfALegThatHasMoved_GivesBackTheSlotItCameBy()
    {
        var leg = Add(static _ => 3);
        Run(50, leg);
        Assert.Equal(3, leg.Lease.Slot);
        leg.Lease.Dispose();

        Assert.Equal(0, Add(static _ => 0).Lease.Slot);
        Assert.Equal(1, _legs.Count);
    }
}
