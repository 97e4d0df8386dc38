using System.Text.Json;
using VoiceGateway.Abstractions;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Tools;

public class ToolDispatcherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Dispatch_ToolReturns_AnswersOnceWithTheOutput()
    {
        var bench = new DispatcherBench(null, Tool.Create((int a, int b) => a + b, "add", "Adds."));
        Assert.Equal("""{"output":5}""", await bench.AnswerAsync("add", """{"a":2,"b":3}"""));
        Assert.Equal(["asked 1", "answered 1 Succeeded 0"], bench.Observer.Events);
        Assert.Equal(0, bench.Dispatcher.Pending);
    }

    [Fact]
    public async Task Dispatch_ToolGetsTheCallAndItsIdempotencyKey()
    {
        var bench = new DispatcherBench(null, Tool.Create((CallContext call) => $"{call.CallId}/{call.ToolCallId}/{call.CallerNumber}", "who", "Who."));
        Assert.Equal("""{"output":"call-1/1/+4930123456"}""", await bench.AnswerAsync("who"));
    }

    [Fact]
    public async Task Dispatch_ToolReturnsNothing_SaysDone()
    {
        var bench = new DispatcherBench(null, Tool.Create(() => { }, "nothing", "Nothing."));
        Assert.Equal("""{"output":"done"}""", await bench.AnswerAsync("nothing"));
    }

    [Fact]
    public async Task Dispatch_ToolRefuses_PassesItsWordsOn()
    {
        var bench = new DispatcherBench(null, Tool.Create(string () => throw new ToolException("We're closed – come \"tomorrow\"."), "refuse", "Refuses."));
        Assert.Equal("We're closed – come \"tomorrow\".", JsonElement.Parse(await bench.AnswerAsync("refuse")).GetProperty("error").GetString());
        Assert.Equal(ToolCallOutcome.Refused, bench.Sink.Answers.Single().Outcome);
    }

    [Fact]
    public async Task Dispatch_ToolThrows_HidesTheReason()
    {
        var bench = new DispatcherBench(null, Tool.Create(string () => throw new InvalidOperationException("password=secret"), "broken", "Breaks."));
        var answer = await bench.AnswerAsync("broken");
        Assert.DoesNotContain("secret", answer);
        Assert.DoesNotContain("InvalidOperation", answer);
        Assert.Contains("broken failed because of a technical problem", answer);
        Assert.Equal(ToolCallOutcome.Failed, bench.Sink.Answers.Single().Outcome);
    }

    [Fact]
    public async Task Dispatch_UnknownTool_NamesThoseThatThereAre()
    {
        var bench = new DispatcherBench(null, Tool.Create(() => 1, "one", "One."), Tool.Create(() => 2, "two", "Two."));
        Assert.Equal("there is no tool 'three'; the tools are one, two", JsonElement.Parse(await bench.AnswerAsync("three")).GetProperty("error").GetString());
        Assert.Equal(ToolCallOutcome.UnknownTool, bench.Sink.Answers.Single().Outcome);
    }

    [Fact]
    public async Task Dispatch_SeveralCalls_RunAtTheSameTime()
    {
        var both = new Barrier();
        var bench = new DispatcherBench(null, Tool.Create(both.ArriveAsync, "meet", "Meets."));
        await bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "meet"), DispatcherBench.Ask("b", "meet")]).WaitAsync(Patience);
        Assert.Equal(["a", "b"], bench.Sink.Answers.Select(a => a.Id).Order());
    }

    [Fact]
    public async Task Dispatch_BlockingTool_DoesNotHoldUpTheReceiveLoop()
    {
        using var gate = new ManualResetEventSlim();
        var bench = new DispatcherBench(null, Tool.Create(() => gate.Wait(Patience), "block", "Blocks."));
        var done = bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "block")]);
        Assert.False(done.IsCompleted);
        gate.Set();
        await done.WaitAsync(Patience);
    }

    [Fact]
    public async Task Dispatch_TooManyAtOnce_WaitForAPlace()
    {
        var running = 0;
        var most = 0;
        var bench = new DispatcherBench(new ToolOptions { MaxConcurrentPerCall = 2 }, Tool.Create(async () =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await Task.Delay(5);
            Interlocked.Decrement(ref running);
        }, "work", "Works."));
        await bench.Dispatcher.DispatchAsync([.. Enumerable.Range(0, 12).Select(i => DispatcherBench.Ask($"{i}", "work"))]).WaitAsync(Patience);
        Assert.Equal(12, bench.Sink.Answers.Count);
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Dispatch_SameIdTwiceInAMessage_RunsOnceAndAnswersOnce()
    {
        var runs = 0;
        var bench = new DispatcherBench(null, Tool.Create(() => Interlocked.Increment(ref runs), "count", "Counts."));
        await bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "count"), DispatcherBench.Ask("a", "count")]).WaitAsync(Patience);
        Assert.Equal(1, runs);
        Assert.Single(bench.Sink.Answers);
    }

    [Fact]
    public async Task Dispatch_SameIdAgainLater_SendsTheSameAnswerWithoutRunning()
    {
        var runs = 0;
        var bench = new DispatcherBench(null, Tool.Create(() => Interlocked.Increment(ref runs), "count", "Counts."));
        await bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "count")]).WaitAsync(Patience);
        await bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "count")]).WaitAsync(Patience);
        Assert.Equal(1, runs);
        Assert.Equal(["""{"output":1}""", """{"output":1}"""], bench.Sink.Answers.Select(a => a.Response.GetRawText()));
    }

    [Fact]
    public async Task Dispatch_ToolIsTooSlow_AnswersAtTheDeadlineAndTellsOfTheLateEnd()
    {
        var slow = new TaskCompletionSource<string>();
        var bench = new DispatcherBench(new ToolOptions { Timeouts = { ["slow"] = TimeSpan.FromSeconds(3) } }, Tool.Create(() => slow.Task, "slow", "Slow."));
        var done = bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "slow")]);
        await UntilAsync(() => bench.Time.Armed == 1);
        bench.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Empty(bench.Sink.Answers);
        bench.Time.Advance(TimeSpan.FromSeconds(0.1));
        await done.WaitAsync(Patience);

        Assert.Contains("slow gave no answer within 3 seconds", bench.Sink.Single);
        slow.SetResult("at last");
        await UntilAsync(() => bench.Observer.Events.Contains("late a Succeeded"));
        Assert.Single(bench.Sink.Answers);
        Assert.Equal(["asked a", "answered a TimedOut 3", "late a Succeeded"], bench.Observer.Events);
    }

    [Fact]
    public async Task Dispatch_WaitingForAPlace_CountsTowardsTheDeadline()
    {
        var hang = new TaskCompletionSource();
        var bench = new DispatcherBench(
            new ToolOptions { MaxConcurrentPerCall = 1 }, Tool.Create(() => hang.Task, "hang", "Hangs."));
        var done = bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "hang"), DispatcherBench.Ask("b", "hang")]);
        await UntilAsync(() => bench.Time.Armed == 2);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        await done.WaitAsync(Patience);
        Assert.Equal([ToolCallOutcome.TimedOut, ToolCallOutcome.TimedOut], bench.Sink.Answers.Select(a => a.Outcome));
        hang.SetResult();
    }

    [Fact]
    public async Task Cancel_WhileRunning_StopsTheToolAndAnswersNothing()
    {
        var stopped = new TaskCompletionSource();
        var bench = new DispatcherBench(null, Tool.Create(async (CancellationToken token) =>
        {
            token.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, token);
        }, "wait", "Waits."));
        var done = bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "wait")]);
        bench.Dispatcher.Cancel(["unknown", "a"]);
        await done.WaitAsync(Patience);
        await bench.Dispatcher.DisposeAsync();
        Assert.Empty(bench.Sink.Answers);
        Assert.Equal(["asked a", "cancelled a"], bench.Observer.Events);
    }

    /// <summary>The thread that cancels reads the connections of other calls too.</summary>
    [Fact]
    public async Task Cancel_ToolGoesOnUponIt_NotOnTheCallersThread()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goesOn = new ManualResetEventSlim();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bench = new DispatcherBench(null, Tool.Create(async (CancellationToken token) =>
        {
            token.Register(() =>
            {
                goesOn.Wait(Patience, CancellationToken.None);
                over.SetResult();
            });
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return "";
        }, "wait", "Waits."));
        _ = bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "wait")]);
        await begun.Task.WaitAsync(Patience);

        bench.Dispatcher.Cancel(["a"]);

        Assert.False(over.Task.IsCompleted);
        goesOn.Set();
        await over.Task.WaitAsync(Patience);
        Assert.Empty(bench.Sink.Answers);
    }

    [Fact]
    public async Task Cancel_ToolIgnoresIt_ResultIsNotSentButNoted()
    {
        var slow = new TaskCompletionSource<string>();
        var started = new TaskCompletionSource();
        var bench = new DispatcherBench(null, Tool.Create(() =>
        {
            started.SetResult();
            return slow.Task;
        }, "book", "Books."));
        var done = bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "book")]);
        await started.Task.WaitAsync(Patience);
        bench.Dispatcher.Cancel(["a"]);
        await done.WaitAsync(Patience);
        slow.SetResult("booked");
        await UntilAsync(() => bench.Observer.Events.Contains("late a Succeeded"));
        Assert.Empty(bench.Sink.Answers);

        // The model may not revive it either.
        await bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "book")]).WaitAsync(Patience);
        Assert.Empty(bench.Sink.Answers);
    }

    [Fact]
    public async Task Cancel_RacingWithAnswers_NeverAnswersAfterwardsAndNeverLosesOne()
    {
        var bench = new DispatcherBench(new ToolOptions { MaxConcurrentPerCall = 64 }, Tool.Create(async () => await Task.Yield(), "quick", "Quick."));
        var ids = Enumerable.Range(0, 2000).Select(i => $"{i}").ToArray();
        var answeredAtCancel = new HashSet<string>();
        foreach (var batch in ids.Chunk(20))
        {
            var done = bench.Dispatcher.DispatchAsync([.. batch.Select(id => DispatcherBench.Ask(id, "quick"))]);
            bench.Dispatcher.Cancel(batch[..10]);
            answeredAtCancel.UnionWith(bench.Sink.Answers.Select(a => a.Id));
            await done.WaitAsync(Patience);
        }

        var answered = bench.Sink.Answers.Select(a => a.Id).ToArray();
        Assert.Equal(answered.Length, answered.Distinct().Count());
        for (var i = 0; i < ids.Length; i++)
        {
            if (i % 20 >= 10)
                Assert.Contains(ids[i], answered);
            else if (answered.Contains(ids[i]))
                Assert.Contains(ids[i], answeredAtCancel);
        }
    }

    [Fact]
    public async Task Dispose_WithToolsRunning_CancelsThemAnswersNothingAndTakesNoMore()
    {
        var bench = new DispatcherBench(null, Tool.Create(async (CancellationToken token) => await Task.Delay(Timeout.Infinite, token), "wait", "Waits."));
        var done = bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "wait"), DispatcherBench.Ask("b", "wait")]);
        await bench.Dispatcher.DisposeAsync().AsTask().WaitAsync(Patience);
        await done.WaitAsync(Patience);
        await bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("c", "wait")]).WaitAsync(Patience);
        Assert.Empty(bench.Sink.Answers);
        Assert.Equal(["asked a", "asked b", "cancelled a", "cancelled b"], bench.Observer.Events);
    }

    [Fact]
    public async Task Dispose_ToolDoesNotStop_WaitsNoLongerThanTheGrace()
    {
        var hang = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var bench = new DispatcherBench(null, Tool.Create(() =>
        {
            started.SetResult();
            return hang.Task;
        }, "hang", "Hangs."));
        _ = bench.Dispatcher.DispatchAsync([DispatcherBench.Ask("a", "hang")]);
        await started.Task.WaitAsync(Patience);
        var before = bench.Time.Armed;
        var disposed = bench.Dispatcher.DisposeAsync().AsTask();
        await UntilAsync(() => bench.Time.Armed > before);
        Assert.False(disposed.IsCompleted);
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        await disposed.WaitAsync(Patience);
        hang.SetResult();
    }

    [Fact]
    public async Task Dispatch_LongResult_IsCutAndSaysSo()
    {
        var bench = new DispatcherBench(new ToolOptions { MaxResultBytes = 256 }, Tool.Create(() => new string('ü', 1000), "long", "Long."));
        var answer = JsonElement.Parse(await bench.AnswerAsync("long"));
        Assert.Equal(new string('ü', 128), answer.GetProperty("output").GetString());
        Assert.Equal("the result had 2000 bytes and was cut after 256; ask for less if the rest matters", answer.GetProperty("note").GetString());
    }

    [Fact]
    public async Task Dispatch_SinkThrows_OtherCallsAreStillAnswered()
    {
        var catalog = new ToolCatalog();
        catalog.Add("test", [Tool.Create(() => 1, "one", "One.")]);
        var sink = new ThrowingSink();
        var bench = new DispatcherBench(null);
        await using var dispatcher = new ToolDispatcher(
            catalog.Select(["*"], "test"),
            new CallContext { CallId = "c", CallerNumber = "", CalledNumber = "", AgentName = "", StartedAt = default, Control = bench },
            sink, null, new ToolOptions(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ToolDispatcher>.Instance);
        await dispatcher.DispatchAsync([DispatcherBench.Ask("a", "one"), DispatcherBench.Ask("b", "one")]).WaitAsync(Patience);
        Assert.Equal(2, sink.Calls);
    }

    [Fact]
    public async Task Dispatch_ToolThrowsWithItsArgument_LogTellsWhereAndTheArgumentAtTraceOnly()
    {
        var log = new LevelLogger<ToolDispatcher>();
        var bench = new DispatcherBench(null, log, Tool.Create((string name) => int.Parse(name, System.Globalization.CultureInfo.InvariantCulture), "parse", "Parses."));
        await bench.AnswerAsync("parse", """{"name":"Miller"}""");
        var error = Assert.Single(log.Entries, static e => e.Level == Microsoft.Extensions.Logging.LogLevel.Error).Text;
        Assert.Contains("System.FormatException", error);
        Assert.Contains(" at ", error);
        Assert.DoesNotContain(log.Entries, static e => e.Level > Microsoft.Extensions.Logging.LogLevel.Trace && e.Text.Contains("Miller", StringComparison.Ordinal));
        Assert.Contains(log.Entries, static e => e.Text.Contains("'Miller' was not in a correct format", StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++)
            await Task.Delay(10);
        Assert.True(condition());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private sealed class Barrier
    {
        private readonly TaskCompletionSource _both = new();
        private int _arrived;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref _arrived) == 2)
                _both.SetResult();
            return _both.Task;
        }
    }

    private sealed class ThrowingSink : IToolAnswerSink
    {
        private int _calls;

        public int Calls => _calls;

        public void Answer(ToolCallResult result)
        {
            Interlocked.Increment(ref _calls);
            throw new InvalidOperationException("the session is gone");
        }
    }
}
