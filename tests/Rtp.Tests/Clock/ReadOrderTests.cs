using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Clock;

/// <summary>Who comes first in a tick, by hand: eight slots of 10, and sockets that are readable when a test says so.</summary>
public class ReadOrderTests
{
    private readonly FakeSleeper _sleeper = new();
    private readonly FakeReadiness _readiness = new();
    private readonly LegTable _legs;
    private readonly List<string> _events = [];
    private ClockLoop _loop;

    public ReadOrderTests()
    {
        _legs = new LegTable(8, _readiness);
        _loop = StartLoop(stall: 80);
    }

    private ClockLoop StartLoop(long stall)
    {
        var loop = new ClockLoop(_legs, _readiness, _sleeper, new TickSchedule(10, 8, 10_000), new LatenessWatch("clock", 20), stall);
        loop.Start();
        return loop;
    }

    private sealed class FakeReadiness : IReadiness
    {
        public List<long> Readable { get; } = [];

        public int Collections { get; private set; }

        public void Add(Socket socket, long token)
        {
        }

        public void Remove(Socket socket, long token)
        {
        }

        public int Collect(Span<long> tokens)
        {
            Collections++;
            Readable.CopyTo(tokens);
            return Readable.Count;
        }

        public void Dispose()
        {
        }
    }

    private sealed class Leg(ReadOrderTests test, string name, long readTakes, long tickTakes) : IClocked
    {
        public Socket? ReadableRtp => null;

        public Socket? ReadableRtcp => null;

        public void OnReadable()
        {
            test._events.Add($"read {name}");
            test._sleeper.Now += readTakes;
        }

        public void OnTick(long timestamp20ms)
        {
            test._events.Add($"tick {name} {timestamp20ms}");
            test._sleeper.Now += tickTakes;
        }

        public void OnFault(Exception exception)
        {
        }
    }

    private ClockLeg Add(string name, long readTakes = 0, long tickTakes = 0)
    {
        var leg = _legs.Add(new Leg(this, name, readTakes, tickTakes));
        _readiness.Readable.Add(leg.Token);
        return leg;
    }

    [Fact]
    public void RunTick_InTime_DeparturesComeBeforeReading()
    {
        Add("a");
        Add("b");
        _loop.RunTick();

        Assert.Equal(["tick a 10", "read a", "read b"], _events);
    }

    [Fact]
    public void RunTick_AfterAStall_ReadingComesFirst()
    {
        Add("a");
        _sleeper.Now = 500;
        _loop.RunTick();

        Assert.Equal(["read a", "read a", "tick a 10"], _events.Take(3));
    }

    [Fact]
    public void RunTick_ReadingTakesLong_TheNextDeparturesAreInTimeAndNobodyIsLeftOut()
    {
        for (var i = 0; i < 8; i++)
            Add($"{i}", readTakes: 6);
        _loop.RunTick();
        _loop.RunTick();

        // Two reads fill a tick; the third is begun in time or not at all.
        Assert.Equal(["tick 0 10", "read 0", "read 1", "tick 1 20"], _events.Take(4));
        Assert.True(_sleeper.Now < 20 + 18);
        for (var i = 0; i < 6; i++)
            _loop.RunTick();
        Assert.Equal(8, _events.Where(e => e.StartsWith("read", StringComparison.Ordinal)).Distinct().Count());
        Assert.InRange(_readiness.Collections, 2, 3);
    }

    [Fact]
    public void RunTick_NoTimeAtAll_AShareIsReadWithEveryTick()
    {
        _loop = StartLoop(stall: long.MaxValue);
        for (var i = 0; i < 16; i++)
            Add($"{i}", readTakes: 1, tickTakes: 30);
        for (var i = 0; i < 8; i++)
            _loop.RunTick();

        Assert.Equal(16, _events.Where(e => e.StartsWith("read", StringComparison.Ordinal)).Distinct().Count());
    }
}
