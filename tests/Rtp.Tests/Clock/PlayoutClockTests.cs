using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Clock;

[Collection(TimingCollection.Name)]
public class PlayoutClockTests
{
    public static TheoryData<bool> Both => LibC.IsSupported ? [false, true] : [true];

    private sealed class Leg : IClocked, IDisposable
    {
        private readonly byte[] _buffer = new byte[2048];
        private int _running;

        public Leg(bool withSocket = false)
        {
            if (!withSocket)
                return;
            ReadableRtp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            ReadableRtp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        public Socket? ReadableRtp { get; }

        public Socket? ReadableRtcp => null;

        public ConcurrentQueue<(long Deadline, long At)> Ticks { get; } = new();

        public ConcurrentQueue<int> ThreadIds { get; } = new();

        public int Reads;

        public int Overlaps;

        public Exception? Fault { get; private set; }

        public Action? OnTicked { get; set; }

        public void OnReadable()
        {
            ReadableRtp!.Receive(_buffer);
            Interlocked.Increment(ref Reads);
        }

        public void OnTick(long timestamp20ms)
        {
            if (Interlocked.Increment(ref _running) != 1)
                Overlaps++;
            Ticks.Enqueue((timestamp20ms, Stopwatch.GetTimestamp()));
            ThreadIds.Enqueue(Environment.CurrentManagedThreadId);
            OnTicked?.Invoke();
            Interlocked.Decrement(ref _running);
        }

        public void OnFault(Exception exception) => Fault = exception;

        public void Dispose() => ReadableRtp?.Dispose();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Start_SixtyLegs_TickEvery20MillisecondsOnOneThread(bool portable)
    {
        await using var clock = new PlayoutClock(new PlayoutClockOptions { Portable = portable });
        clock.Start();
        clock.Start();
        var legs = Enumerable.Range(0, 60).Select(_ => new Leg()).ToArray();
        var leases = legs.Select(clock.Add).ToArray();
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(1500);
        Array.ForEach(leases, lease => lease.Dispose());
        var elapsed = Stopwatch.GetElapsedTime(started);

        Assert.Equal(0, clock.Count);
        Assert.Single(legs.SelectMany(leg => leg.ThreadIds).Distinct());
        foreach (var leg in legs)
        {
            var ticks = leg.Ticks.ToArray();
            var missed = clock.SkippedTicks / 8;
            Assert.InRange(ticks.Length, (elapsed.TotalMilliseconds / 20 * 0.7) - 5 - missed, (elapsed.TotalMilliseconds / 20) + 3);
            Assert.All(ticks, tick => Assert.True(tick.At >= tick.Deadline, "a tick came early"));
            if (clock.SkippedTicks == 0)
                Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(Stopwatch.Frequency / 50, pair.Second.Deadline - pair.First.Deadline));
        }
        Assert.Equal([7, 7, 7, 7, 8, 8, 8, 8], leases.GroupBy(lease => lease.Slot).Select(group => group.Count()).Order());
        Assert.True(clock.BusyTime < elapsed);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Add_LegWithSocket_IsToldWhatArrives(bool portable)
    {
        await using var clock = new PlayoutClock(new PlayoutClockOptions { Portable = portable });
        using var leg = new Leg(withSocket: true);
        using var sender = new Leg(withSocket: true);
        using var lease = clock.Add(leg);
        clock.Start();
        for (var i = 0; i < 5; i++)
            sender.ReadableRtp!.SendTo(new byte[i], leg.ReadableRtp!.LocalEndPoint!); // the first one is empty

        await Until.True(() => Volatile.Read(ref leg.Reads) == 5, "five reads");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Flood_AtOneLeg_DoesNotStarveTheOthers(bool portable)
    {
        await using var clock = new PlayoutClock(new PlayoutClockOptions { Portable = portable });
        clock.Start();
        using var victim = new Leg(withSocket: true);
        using var other = new Leg(withSocket: true);
        using var a = clock.Add(victim);
        using var b = clock.Add(other);
        using var stop = new CancellationTokenSource();
        using var sender = new Leg(withSocket: true);
        var flood = Task.Run(() =>
        {
            var content = new byte[100];
            while (!stop.IsCancellationRequested)
                sender.ReadableRtp!.SendTo(content, victim.ReadableRtp!.LocalEndPoint!);
        });
        using var quiet = new Leg(withSocket: true);
        for (var i = 0; i < 20; i++)
        {
            quiet.ReadableRtp!.SendTo(new byte[10], other.ReadableRtp!.LocalEndPoint!);
            await Task.Delay(10);
        }
        await Until.True(() => Volatile.Read(ref other.Reads) == 20, "the other leg's datagrams");
        var ticks = other.Ticks.Count;
        await Until.True(() => other.Ticks.Count > ticks + 10, "ticks under the flood");
        await stop.CancelAsync();
        await flood;
        Assert.True(victim.Reads > 0);
    }

    [Fact]
    public async Task Dispose_LeaseFromOtherThreads_NoCallbackAfterItReturns()
    {
        await using var clock = new PlayoutClock();
        clock.Start();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                var disposed = false;
                var after = 0;
                var leg = new Leg();
                leg.OnTicked = () =>
                {
                    Thread.SpinWait(20_000);
                    if (Volatile.Read(ref disposed))
                        after++;
                };
                var lease = clock.Add(leg);
                await Task.Delay(i % 30);
                lease.Dispose();
                Volatile.Write(ref disposed, true);
                var ticks = leg.Ticks.Count;
                await Task.Delay(1);
                Assert.Equal((0, ticks, 0), (after, leg.Ticks.Count, leg.Overlaps));
            }
        })));
        Assert.Equal(0, clock.Count);
    }

    [Fact]
    public async Task TickNow_BetweenTicks_RunsHereAndTheClockLeavesOneOut()
    {
        await using var clock = new PlayoutClock();
        clock.Start();
        var leg = new Leg();
        using var lease = clock.Add(leg);
        var brought = 0;
        for (var i = 0; i < 10; i++)
        {
            await Task.Delay(35);
            var here = leg.Ticks.Count;
            if (!lease.TickNow())
                continue;
            brought++;
            Assert.True(leg.Ticks.Count > here);
        }
        var until = leg.Ticks.Count;
        await Until.True(() => leg.Ticks.Count > until + 2, "the clock goes on");

        // As many ticks as periods: what was brought forward was not run twice. A stall too long to make up for takes whole periods.
        var missed = clock.SkippedTicks / 8;
        var ticks = leg.Ticks.ToArray();
        var periods = (ticks[^1].Deadline - ticks[0].Deadline) / (Stopwatch.Frequency / 50.0);
        Assert.True(brought > 0);
        Assert.Equal(0, leg.Overlaps);
        Assert.InRange(ticks.Length - 1, periods - missed - 2, periods + 2);
    }

    [Fact]
    public async Task TickNow_AfterDispose_DoesNothing()
    {
        await using var clock = new PlayoutClock();
        var leg = new Leg();
        var lease = clock.Add(leg);
        lease.Dispose();
        Assert.False(lease.TickNow());
        Assert.Empty(leg.Ticks);
    }

    [Fact]
    public async Task OnTick_Throws_OthersGoOn()
    {
        await using var clock = new PlayoutClock();
        clock.Start();
        var bad = new Leg { OnTicked = () => throw new InvalidOperationException("bug") };
        var good = new Leg();
        using var a = clock.Add(bad);
        using var b = clock.Add(good);

        await Until.True(() => bad.Fault is not null && good.Ticks.Count > 10, "the fault, and ticks after it");
        Assert.Equal((1, 1), (clock.Count, clock.Faults));
        Assert.Single(bad.Ticks);
    }

    [Fact]
    public async Task Count_BackToZeroAndUp_TheClockGoesOnWithoutCatchingUp()
    {
        await using var clock = new PlayoutClock();
        clock.Start();
        using (clock.Add(new Leg()))
            await Task.Delay(100);
        await RestAsync(clock);

        var leg = new Leg();
        var added = Stopwatch.GetTimestamp();
        using var lease = clock.Add(leg);
        await Until.True(() => leg.Ticks.Count >= 5, "ticks after the rest");
        Assert.True(leg.Ticks.First().Deadline >= added);
    }

    // Until a tenth of a second passes without a tick.
    private static async Task RestAsync(PlayoutClock clock)
    {
        var ticks = -1L;
        for (var tries = 0; tries < 200 && clock.Ticks != ticks; tries++)
        {
            ticks = clock.Ticks;
            await Task.Delay(100);
        }
        Assert.Equal(ticks, clock.Ticks);
    }

    [Fact]
    public async Task DisposeAsync_WithLegs_EndsCallbacksAndRefusesNewOnes()
    {
        var clock = new PlayoutClock();
        clock.Start();
        var leg = new Leg();
        var lease = clock.Add(leg);
        await Until.True(() => !leg.Ticks.IsEmpty, "a tick");
        await clock.DisposeAsync();
        await clock.DisposeAsync();
        var ticks = leg.Ticks.Count;
        await Task.Delay(60);

        Assert.Equal(ticks, leg.Ticks.Count);
        Assert.Throws<ObjectDisposedException>(() => clock.Add(leg));
        lease.Dispose();
    }

    [Fact]
    public async Task DisposeAsync_NeverStarted_Completes()
    {
        var clock = new PlayoutClock();
        using var lease = clock.Add(new Leg());
        await clock.DisposeAsync();
        clock.Start();
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_Throws()
    {
        Assert.ThrowsAny<ArgumentException>(() => new PlayoutClock(new PlayoutClockOptions { Tick = TimeSpan.Zero }));
        Assert.ThrowsAny<ArgumentException>(() => new PlayoutClock(new PlayoutClockOptions { Slots = 0 }));
        Assert.ThrowsAny<ArgumentException>(() => new PlayoutClock(new PlayoutClockOptions { MaxCatchUp = TimeSpan.FromMilliseconds(10) }));
    }
}
