using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

/// <summary>The parts together: whatever happens in whatever order, what is asked for never contradicts itself.</summary>
public sealed class ConversationWatchTests
{
    private static readonly WatchAction[] Ends = [WatchAction.GiveUp, WatchAction.EndIdle, WatchAction.EndDuration];

    private static readonly Action<ConversationWatch>[] Events =
    [
        static w => w.CallerStarted(40),
        static w => w.CallerStopped(400),
        static w => w.CallerText(),
        static w => w.Digit(),
        static w => w.ModelAudio(),
        static w => w.ModelText("and then"),
        static w => w.ModelText("It is done."),
        static w => w.GenerationComplete(),
        static w => w.TurnComplete(),
        static w => w.Interrupted(),
        static w => w.FlushedLocally(),
        static w => w.ToolAsked(),
        static w => w.ToolSettled(),
        static w => w.ToolSettled(answerExpected: false),
        static w => w.Nudged(),
        static w => w.LinkDown(),
        static w => w.LinkUp(fresh: false),
        static w => w.LinkUp(fresh: true),
        static w => w.Held(),
        static w => w.Resumed(),
        static w => w.Answered(),
    ];

    [Fact]
    public void Tick_BeforeTheAnswer_AsksForNothing()
    {
        var run = new WatchRun(maxDuration: TimeSpan.FromSeconds(5), answered: false);
        run.Watch.Nudged();
        run.Watch.ToolAsked();
        run.Wait(60).AssertQuiet();
    }

    /// <summary>Half of the runs are chaos; in the other half the events are those of a call, which lets it go far.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tick_AnySequenceOfEvents_IsConsistent(bool plausible)
    {
        var seen = new HashSet<WatchAction>();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var options = new TurnOptions
            {
                StallSeconds = random.Next(0, 5),
                IdleSeconds = random.Next(0, 8),
                IdlePrompts = random.Next(0, 3),
                IdleGoodbyeSeconds = 3,
                WarningSeconds = random.Next(0, 30),
                GoodbyeGraceSeconds = 3,
                Filler = random.Next(2) == 0 ? "" : "tone",
            };
            var run = new WatchRun(options, TimeSpan.FromSeconds(random.Next(0, 120)), random.Next(2) == 0, answered: plausible);
            var audible = false;
            for (var i = 0; i < 4000; i++)
            {
                if (random.Next(plausible ? 150 : 20) == 0) Events[random.Next(Events.Length - (plausible ? 6 : 0))](run.Watch);
                if (random.Next(40) == 0) audible = !audible;
                if (run.Tick(audible) is var action and not WatchAction.None) Assert.NotEqual(NeedsText(action), run.Watch.Text(action) is null);
            }
            AssertConsistent(run, seed);
            seen.UnionWith(run.Actions);
        }
        // The runs reach everything that can be asked for.
        if (plausible) Assert.Equal(Enum.GetValues<WatchAction>().Length - 1, seen.Count);
    }

    [Fact]
    public void Tick_AndEvents_AllocateNothing()
    {
        var runs = Enumerable.Range(0, 20).Select(static _ => new WatchRun(new TurnOptions { IdleSeconds = 6 }, TimeSpan.FromSeconds(100))).ToArray();
        foreach (var run in runs) run.Asked.Capacity = 1000;
        var random = new Random(1);
        // What is allocated once, by whatever runs for the first time, is no cost of a tick.
        foreach (var run in runs.AsSpan(0, 10)) Play(run, random);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var run in runs.AsSpan(10)) Play(run, random);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(runs.Sum(static r => r.Asked.Count), 50, 5000);
    }

    /// <summary>Events come from the receive loop and the tools while the clock ticks.</summary>
    [Fact]
    public async Task Events_FromManyThreads_LoseNothing()
    {
        var time = new SettableTime();
        var watch = new ConversationWatch(new TurnOptions(), time);
        watch.Answered();
        using var done = new CancellationTokenSource();
        var clock = Task.Run(() =>
        {
            while (!done.IsCancellationRequested) watch.Tick(false);
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                watch.ToolAsked();
                watch.ModelAudio();
                watch.ToolSettled();
            }
        })));
        await done.CancelAsync();
        await clock;
        // As many settled as asked: a tool still pending would start the filler.
        for (var i = 0; i < 100; i++)
        {
            time.Advance(20);
            Assert.NotEqual(WatchAction.StartFiller, watch.Tick(false));
        }
    }

    private static void Play(WatchRun run, Random random)
    {
        for (var i = 0; i < 4000; i++)
        {
            if (random.Next(150) == 0) Events[random.Next(Events.Length - 6)](run.Watch);
            run.Tick(agentAudible: i % 500 < 50);
        }
    }

    private static bool NeedsText(WatchAction action) =>
        action is WatchAction.Nudge or WatchAction.IdlePrompt or WatchAction.IdleGoodbye or WatchAction.DurationWarning or WatchAction.DurationGoodbye;

    private static void AssertConsistent(WatchRun run, int seed)
    {
        var actions = run.Actions;
        var end = Array.FindIndex(actions, static a => Ends.Contains(a));
        Assert.True(end < 0 || end == actions.Length - 1, $"seed {seed}: something was asked for after the end");
        // A filler starts when it is off and stops when it is on, and is off at the end.
        var on = false;
        foreach (var action in actions)
        {
            if (action is WatchAction.StartFiller or WatchAction.StopFiller)
            {
                Assert.True(on != (action == WatchAction.StartFiller), $"seed {seed}: {action} while on is {on}");
                on = action == WatchAction.StartFiller;
            }
        }
        Assert.False(on && end >= 0, $"seed {seed}: the filler plays on after the end");
        // Hanging up follows its own goodbye, with nothing in between.
        if (end >= 0 && actions[end] == WatchAction.EndIdle) Assert.Equal(WatchAction.IdleGoodbye, actions[end - 1]);
        if (end >= 0 && actions[end] == WatchAction.EndDuration) Assert.Equal(WatchAction.DurationGoodbye, actions[end - 1]);
        // At most one of each.
        Assert.InRange(actions.Count(static a => a == WatchAction.DurationGoodbye), 0, 1);
        Assert.InRange(actions.Count(static a => a == WatchAction.DurationWarning), 0, 1);
        AssertStepsInOrder(actions, seed);
        var counters = run.Watch.Counters;
        Assert.Equal(actions.Count(static a => a == WatchAction.Nudge), counters.Nudges);
        Assert.Equal(actions.Count(static a => a == WatchAction.Reconnect), counters.Reconnects);
        Assert.All(counters.Stalls, static s => Assert.InRange(s.Recovered, 0, s.Detected));
    }

    // Every step has the one before it somewhere behind it, since the last of its own kind.
    private static void AssertStepsInOrder(WatchAction[] actions, int seed)
    {
        var before = new Dictionary<WatchAction, WatchAction>
        {
            [WatchAction.Reconnect] = WatchAction.Nudge,
            [WatchAction.FallBack] = WatchAction.Reconnect,
            [WatchAction.GiveUp] = WatchAction.FallBack,
            [WatchAction.EndIdle] = WatchAction.IdleGoodbye,
        };
        foreach (var (step, needed) in before)
            for (var i = 0; i < actions.Length; i++)
            {
                if (actions[i] != step) continue;
                var last = Array.LastIndexOf(actions, step, Math.Max(0, i - 1), Math.Max(0, i));
                Assert.True(Array.IndexOf(actions, needed, last + 1, i - last - 1) >= 0, $"seed {seed}: {step} without {needed}");
            }
    }
}
