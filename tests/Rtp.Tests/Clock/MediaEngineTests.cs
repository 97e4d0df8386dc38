using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Clock;

[Collection(TimingCollection.Name)]
public class MediaEngineTests
{
    private sealed class Leg(Action? onTick = null) : IClocked
    {
        private long _ticks;

        public long Ticks => Volatile.Read(ref _ticks);

        public ConcurrentDictionary<string, bool> Threads { get; } = new();

        public Exception? Fault { get; private set; }

        public Socket? ReadableRtp => null;

        public Socket? ReadableRtcp => null;

        public void OnReadable()
        {
        }

        public void OnTick(long timestamp20ms)
        {
            Threads.TryAdd(Thread.CurrentThread.Name ?? "", true);
            onTick?.Invoke();
            Interlocked.Increment(ref _ticks);
        }

        public void OnFault(Exception exception) => Fault = exception;

        public override string ToString() => "the slow one";
    }

    // Of a quarter of a second: what the machine itself is late is not told, for only one in ten seconds is.
    private static MediaEngine Engine(int threads, int before = 32, Action<LateTick>? onLate = null) => new(new MediaEngineOptions
    {
        Threads = threads,
        LegsBeforeNext = before,
        Clock = new PlayoutClockOptions { OnLate = onLate, LateAfter = TimeSpan.FromMilliseconds(250) },
    });

    [Fact]
    public async Task Add_ManyLegs_FillsTheFirstAndThenAllAlike()
    {
        await using var engine = Engine(threads: 3, before: 10);
        var leases = Enumerable.Range(0, 10).Select(_ => engine.Add(new Leg())).ToList();
        Assert.Equal([10, 0, 0], engine.Clocks.Select(clock => clock.Count));

        leases.AddRange(Enumerable.Range(0, 80).Select(_ => engine.Add(new Leg())));
        Assert.Equal([30, 30, 30], engine.Clocks.Select(clock => clock.Count));

        foreach (var lease in leases.Skip(85))
            lease.Dispose();
        var again = Enumerable.Range(0, 5).Select(_ => engine.Add(new Leg())).ToArray();
        Assert.Equal([30, 30, 30], engine.Clocks.Select(clock => clock.Count));
        Assert.Equal(90, engine.Count);
        Assert.Equal(5, again.Length);
    }

    [Fact]
    public async Task Start_SeveralThreads_EachLegStaysWithOne()
    {
        await using var engine = Engine(threads: 2, before: 1);
        await engine.StartAsync();
        var legs = Enumerable.Range(0, 20).Select(_ => new Leg()).ToArray();
        var leases = legs.Select(engine.Add).ToArray();
        await Until.True(() => legs.All(leg => leg.Ticks > 20), "ticks of all");
        Array.ForEach(leases, lease => lease.Dispose());

        Assert.All(legs, leg => Assert.Single(leg.Threads));
        Assert.Equal(["media 1", "media 2"], legs.SelectMany(leg => leg.Threads.Keys).Distinct().Order());
        Assert.Equal((0, 0), (engine.Count, engine.Faults));
        Assert.True(engine.Ticks > 0 && engine.BusyTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task Tick_CallbackThatBlocks_IsCountedAndToldWithItsLeg()
    {
        var told = new ConcurrentQueue<LateTick>();
        await using var engine = Engine(threads: 1, onLate: told.Enqueue);
        await engine.StartAsync();
        using var wait = new ManualResetEventSlim();
        var once = 0;
        var slow = new Leg(() =>
        {
            // Waiting, and not ready for a core: no other cause looks like this.
            if (Interlocked.Increment(ref once) == 20)
                wait.Wait(480);
        });
        using var a = engine.Add(slow);
        using var b = engine.Add(new Leg());
        await Until.True(() => engine.LateTicksBecause(LateTickCause.Callback) > 0 && !told.IsEmpty, "the late tick");
        await Until.True(() => slow.Ticks > 40, "ticks afterwards");

        var late = Assert.Single(told, tick => tick.Cause == LateTickCause.Callback);
        Assert.Same(slow, late.Leg);
        Assert.InRange(late.LegTook.TotalMilliseconds, 470, 5000);
        Assert.Equal("media 1", late.Clock);
    }

    [Fact]
    public async Task Start_RealTimeAskedFor_RunsWhateverIsGranted()
    {
        await using var clock = new PlayoutClock(new PlayoutClockOptions { RealTimePriority = 1, Name = "media of test" });
        clock.Start();
        var granted = await clock.Scheduling;
        var leg = new Leg();
        using var lease = clock.Add(leg);
        await Until.True(() => leg.Ticks > 10, "ticks");

        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/task"))
            return;
        // Field 41 of stat is the policy (proc_pid_stat(5)): 1 for SCHED_FIFO. The name may hold blanks, but no parenthesis.
        var stat = Directory.GetDirectories("/proc/self/task").Select(StatOf).Single(text => text.Contains("(media of test)"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        Assert.Equal(granted == ClockScheduling.RealTime ? "1" : "0", fields[41 - 3]);
        Assert.Equal(granted == ClockScheduling.Favoured ? "-11" : "0", granted == ClockScheduling.RealTime ? "0" : fields[19 - 3]);
    }

    private static string StatOf(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/stat");
        }
        catch (IOException)
        {
            // A thread of somebody else's, which has ended since it was listed.
            return "";
        }
    }

    [Fact]
    public async Task RunAheadAndSettle_OnARunningClock_EndsInItsPlace()
    {
        await using var engine = Engine(threads: 1);
        await engine.StartAsync();
        var deadlines = new ConcurrentQueue<long>();
        var leg = new DeadlineLeg(deadlines);
        using var lease = engine.Add(leg);
        var ahead = 0;
        for (var turn = 0; turn < 10; turn++)
        {
            await Task.Delay(50 + (7 * turn));
            lease.RunAhead();
            var seen = deadlines.Count;
            await Until.True(() => deadlines.Count > seen + 2, "ticks of the spurt");
            if (lease.IsAhead)
                ahead++;
            lease.Settle();
            await Until.True(() => !lease.IsAhead, "back in its place");
        }

        // Of eight moments in a period six are worth it.
        Assert.True(ahead > 0);
        var settled = deadlines.Count;
        await Until.True(() => deadlines.Count > settled + 2, "ticks in its place");
        var all = deadlines.ToArray();
        Assert.Equal(0, (all[^1] - all[0]) % (Stopwatch.Frequency / 50));
    }

    private sealed class DeadlineLeg(ConcurrentQueue<long> deadlines) : IClocked
    {
        public Socket? ReadableRtp => null;

        public Socket? ReadableRtcp => null;

        public void OnReadable()
        {
        }

        public void OnTick(long timestamp20ms) => deadlines.Enqueue(timestamp20ms);

        public void OnFault(Exception exception)
        {
        }
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_Throws()
    {
        Assert.ThrowsAny<ArgumentException>(() => new MediaEngine(new MediaEngineOptions { Threads = -1 }));
        Assert.ThrowsAny<ArgumentException>(() => new MediaEngine(new MediaEngineOptions { Threads = 65 }));
        Assert.ThrowsAny<ArgumentException>(() => new MediaEngine(new MediaEngineOptions { LegsBeforeNext = 0 }));
        Assert.ThrowsAny<ArgumentException>(() => new MediaEngine(new MediaEngineOptions { Clock = new PlayoutClockOptions { RealTimePriority = 100 } }));
        Assert.ThrowsAny<ArgumentException>(() => new MediaEngine(new MediaEngineOptions { Clock = new PlayoutClockOptions { LateAfter = TimeSpan.Zero } }));
    }

    [Fact]
    public async Task DefaultThreads_AreOneForEachCoreUpToEight()
    {
        await using var engine = new MediaEngine();
        Assert.Equal(Math.Clamp(Environment.ProcessorCount, 1, 8), engine.Clocks.Count);
    }
}
