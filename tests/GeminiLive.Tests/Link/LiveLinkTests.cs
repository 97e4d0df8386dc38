using Xunit.Abstractions;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Conversations that outlive their connections: what the server sees of it, byte by byte.</summary>
public sealed class LiveLinkTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly CountingPool _pool = new();
    private readonly LinkHandler _handler = new();
    private readonly LinkServer _server = new();
    private LiveLink? _link;

    private LiveLinkOptions Options { get; set; } = new() { FirstBackOff = TimeSpan.FromMilliseconds(20), MostBackOff = TimeSpan.FromMilliseconds(80) };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_link is not null) await _link.DisposeAsync();
        await _server.DisposeAsync();
        Assert.Equal(0, _pool.Outstanding);
        Assert.Equal(0, _pool.ReturnedWrongly);
    }

    [Fact]
    public async Task GoAway_AtAQuietMoment_OldClosedFirst_ResumedWithTheNewestResumableHandle_NothingLost()
    {
        var caller = await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await first.HandleAsync("h2");
        await first.Connection.SendTextAsync("""{"sessionResumptionUpdate":{"newHandle":"not-this","resumable":false}}""");
        caller.Pause(20);
        await _handler.UntilAsync("handle not-this False");
        _handler.WhenUp = _ => Assert.True(first.Closed.Task.IsCompleted, "the old connection was still open");
        await first.GoAwayAsync("10s");
        while (_server.Connections < 2)
        {
            caller.Pause(1);
            await Task.Delay(2);
        }
        caller.Pause(20);
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Audio.Contains(caller.Sent - 1), "the last frame");
        Assert.Equal("h2", second.Handle);
        Assert.Equal(Enumerable.Range(0, caller.Sent), first.Audio.Concat(second.Audio).Distinct().Order());
        Assert.Equal(second.Audio.Order(), second.Audio);
        Assert.InRange(first.Audio.Length + second.Audio.Length - caller.Sent, 0, 2 * CallerReplay.PreRollFrames);
        await _handler.UntilAsync("up 2");
        var up = _handler.Ups[1];
        Assert.Equal((LinkCause.GoAway, true, true, false), (up.Cause, up.Resumed, up.Clean, up.SpeechReplayed));
        output.WriteLine($"gap {up.Gap.TotalMilliseconds:F1} ms, replayed {up.Replayed.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task GoAway_WhileTheModelSpeaks_WaitsForQuiet()
    {
        await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        _handler.Quiet = false;
        await first.GoAwayAsync("20s");
        await _handler.UntilAsync("goaway 20");
        await Task.Delay(300);
        Assert.Equal(1, _server.Connections);
        _handler.Quiet = true;
        Assert.Equal("h1", (await _server.PeerAsync(2)).Handle);
    }

    [Fact]
    public async Task GoAway_NeverQuiet_RotatesInsideTheTimeLeft_AndReplaysWhatTheHandleDoesNotKnow()
    {
        var caller = await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        _handler.Quiet = false;
        caller.Pause(30);
        caller.Say(50);
        await first.GoAwayAsync("1s");
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Audio.Contains(79), "the last frame");
        await _handler.UntilAsync("up 2");
        Assert.Equal((LinkCause.GoAway, true, false), (_handler.Ups[1].Cause, _handler.Ups[1].Resumed, _handler.Ups[1].Clean));
        Assert.Subset(second.Audio.ToHashSet(), Enumerable.Range(30, 50).ToHashSet());
    }

    [Fact]
    public async Task Age_RotatesWithoutBeingTold()
    {
        Options = Options with { RotateAfter = TimeSpan.FromMilliseconds(200) };
        // Not before the handle is there, however long that takes.
        _handler.Quiet = false;
        await StartAsync();
        await (await _server.PeerAsync(1)).HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        _handler.Quiet = true;
        Assert.Equal("h1", (await _server.PeerAsync(2)).Handle);
        await _handler.UntilAsync("up 2");
        Assert.Equal(LinkCause.Age, _handler.Ups[1].Cause);
    }

    [Fact]
    public async Task Reset_InTheMiddleOfAnUtterance_TheModelHearsAllOfItAgain()
    {
        var caller = await StartAsync();
        var first = await _server.PeerAsync(1);
        caller.Pause(100);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        caller.Say(80);
        first.Connection.Reset();
        await _handler.UntilAsync("down Lost");
        caller.Say(20);
        caller.Pause(10);
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Audio.Contains(209), "the last frame");
        Assert.Equal("h1", second.Handle);
        Assert.Equal(second.Audio.Order().Distinct(), second.Audio);
        Assert.Subset(second.Audio.ToHashSet(), Enumerable.Range(100, 110).ToHashSet());
        Assert.DoesNotContain(50, second.Audio);
    }

    [Fact]
    public async Task Reset_HandleCameRightBehindAnUtterance_TheModelHearsAllOfItAgainAndNotItsEnd()
    {
        var caller = await StartAsync();
        var first = await _server.PeerAsync(1);
        caller.Pause(100);
        await first.SpeakAsync();
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        caller.Say(80);
        caller.Pause(5);
        await first.HandleAsync("h2");
        await _handler.UntilAsync("handle h2 True");
        first.Connection.Reset();
        await _handler.UntilAsync("down Lost");
        caller.Pause(10);
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Audio.Contains(194), "the last frame");
        Assert.Equal("h2", second.Handle);
        Assert.Subset(second.Audio.ToHashSet(), Enumerable.Range(100, 95).ToHashSet());
        await _handler.UntilAsync("up 2");
        Assert.Equal((true, false, true), (_handler.Ups[1].Resumed, _handler.Ups[1].Clean, _handler.Ups[1].SpeechReplayed));
    }

    [Fact]
    public async Task Reset_HandleComesWithTheNewConnection_TheUtteranceBeforeIsHeardAgainAllTheSame()
    {
        _server.FirstHandle = "h1";
        var caller = await StartAsync();
        var first = await _server.PeerAsync(1);
        await _handler.UntilAsync("handle h1 True");
        caller.Say(60);
        caller.Pause(80);
        await Until.TrueAsync(() => first.Audio.Contains(139), "the utterance");
        _server.FirstHandle = "h2";
        first.Connection.Reset();
        await _handler.UntilAsync("handle h2 True");
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Audio.Contains(59), "the utterance");
        Assert.Subset(second.Audio.ToHashSet(), Enumerable.Range(0, 60).ToHashSet());
        // And once more: nobody has answered it yet.
        second.Connection.Reset();
        var third = await _server.PeerAsync(3);
        Assert.Equal("h2", third.Handle);
        await Until.TrueAsync(() => third.Audio.Contains(59), "the utterance");
        Assert.Subset(third.Audio.ToHashSet(), Enumerable.Range(0, 60).ToHashSet());
    }

    [Fact]
    public async Task HandleRefused_FreshSessionIsToldWhatWasSaid()
    {
        await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        _handler.Said.Enqueue(new LiveContent("user", "A table."));
        _handler.Said.Enqueue(new LiveContent("model", "For how many?"));
        _server.CloseNextInSetup(1008, "BidiGenerateContent session not found or expired.");
        first.Connection.Reset();
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Heard.Contains("clientContent"), "the history");
        Assert.Null(second.Handle);
        Assert.True(second.Setup.GetProperty("historyConfig").GetProperty("initialHistoryInClientContent").GetBoolean());
        await _handler.UntilAsync("up 2");
        Assert.Equal((false, false), (_handler.Ups[1].Resumed, _handler.Ups[1].Clean));
        Assert.Equal(LiveCloseKind.EntityNotFound, Assert.Single(_handler.Failures).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoHandle_OnlyTheUnansweredUtteranceIsHeardAgain(bool answered)
    {
        var caller = await StartAsync();
        var first = await _server.PeerAsync(1);
        caller.Say(50);
        caller.Pause(60);
        // A turn in which nothing is said is no answer.
        if (answered) await first.SpeakAsync();
        await first.Connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
        await _handler.UntilAsync("turn");
        _handler.Said.Enqueue(new LiveContent("user", "Hello."));
        caller.Pause(60);
        caller.Say(30);
        await Until.TrueAsync(() => first.Audio.Length == 200, "all audio");
        first.Connection.Reset();
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Audio.Contains(199), "the last frame");
        Assert.Equal(!answered, second.Audio.Contains(40));
        Assert.Subset(second.Audio.ToHashSet(), Enumerable.Range(170, 30).ToHashSet());
        Assert.Equal("clientContent", second.Heard[0]);
    }

    [Fact]
    public async Task ConnectionsThatAreTakenAndDroppedAtOnce_UseUpTheBudget_ThenTheNextRouteIsTaken()
    {
        await using var elsewhere = new LinkServer();
        Options = Options with { RetryBudget = TimeSpan.FromMilliseconds(600) };
        await StartAsync(elsewhere);
        for (var i = 1; elsewhere.Connections == 0 && i < 60; i++)
        {
            await Until.TrueAsync(() => _server.Connections >= i || elsewhere.Connections > 0, "a connection");
            if (elsewhere.Connections == 0) (await _server.PeerAsync(i)).Connection.Reset();
        }
        Assert.Equal(1, elsewhere.Connections);
    }

    [Fact]
    public async Task HandleThatLeadsNowhere_IsGivenUpBeforeTheRouteIs()
    {
        Options = Options with { RetryBudget = TimeSpan.FromMilliseconds(300) };
        await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        for (var i = 0; i < 100; i++)
            _server.NextDoor(async connection =>
            {
                await connection.UpgradeAsync();
                var isPoisoned = (await connection.ReceiveTextAsync())!.Contains("h1", StringComparison.Ordinal);
                if (isPoisoned) await connection.CloseAsync(1000, "");
                else await connection.SendTextAsync("""{"setupComplete":{}}""");
                await connection.ReceiveAllAsync();
                return false;
            });
        first.Connection.Reset();
        await _handler.UntilAsync("up 2");
        Assert.False(_handler.Ups[1].Resumed);
    }

    [Fact]
    public async Task TextThatNobodyAnswered_IsSaidAgain_AndNotOnceItWas()
    {
        await StartAsync();
        var first = await _server.PeerAsync(1);
        _link!.SendText("greet them");
        _link.SendText("of this moment", keep: false);
        await Until.TrueAsync(() => first.Heard.Length == 2, "both texts");
        first.Connection.Reset();
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Heard.Contains("text greet them"), "the text again");
        Assert.DoesNotContain("text of this moment", second.Heard);
        await second.SpeakAsync();
        await second.Connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
        await _handler.UntilAsync("turn");
        second.Connection.Reset();
        var third = await _server.PeerAsync(3);
        await _handler.UntilAsync("up 3");
        new LinkCaller(_link).Say(1);
        await Until.TrueAsync(() => third.Audio.Length > 0, "audio");
        Assert.DoesNotContain("text greet them", third.Heard);
    }

    [Fact]
    public async Task Reconnect_WhileAReplayIsStuck_IsHeeded()
    {
        var caller = await StartAsync();
        var first = await _server.PeerAsync(1);
        var hang = new TaskCompletionSource();
        _server.NextDoor(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.ReceiveTextAsync();
            await connection.SendTextAsync("""{"setupComplete":{}}""");
            await Task.WhenAny(hang.Task, connection.HangAsync());
            return false;
        });
        first.Connection.Reset();
        await _handler.UntilAsync("down Lost");
        // More than any kernel buffers.
        caller.Say(1900);
        await _handler.UntilAsync("up 2");
        _link!.Reconnect();
        await _handler.UntilAsync("up 3");
        hang.SetResult();
        Assert.Equal(LinkCause.Asked, _handler.Ups[2].Cause);
    }

    [Fact]
    public async Task Unavailable_IsTriedAgainWithBackOff()
    {
        await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        _server.RefuseNext("503 Service Unavailable", times: 3);
        first.Connection.Reset();
        Assert.Equal("h1", (await _server.PeerAsync(2)).Handle);
        Assert.Equal(3, _handler.Failures.Count(f => f.HttpStatus == 503));
    }

    [Fact]
    public async Task InternalErrorTwiceOnOneHandle_TheHandleIsGivenUp()
    {
        await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        _server.CloseNextInSetup(1011, "Internal error encountered.", times: 2);
        first.Connection.Reset();
        Assert.Null((await _server.PeerAsync(2)).Handle);
        Assert.Equal(2, _handler.Failures.Length);
    }

    [Theory]
    [InlineData("401 Unauthorized", LiveCloseKind.AuthenticationFailed)]
    [InlineData("404 Not Found", LiveCloseKind.EndpointNotFound)]
    [InlineData("429 Too Many Requests", LiveCloseKind.QuotaExceeded)]
    public async Task Refused_TheNextRouteIsTaken_AndForgetsTheHandle(string status, LiveCloseKind kind)
    {
        await using var elsewhere = new LinkServer();
        await StartAsync(elsewhere);
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        _server.RefuseNext(status);
        first.Connection.Reset();
        var second = await elsewhere.PeerAsync(1);
        await _handler.UntilAsync("up 2");
        Assert.Null(second.Handle);
        Assert.Equal(kind, Assert.Single(_handler.Failures).Kind);
        Assert.Equal("route 2", _handler.Ups[1].Route.Name);
        Assert.Equal("models/other", second.Setup.GetProperty("model").GetString());
    }

    [Fact]
    public async Task BudgetSpent_OnTheLastRoute_EndsTheLink()
    {
        Options = Options with { RetryBudget = TimeSpan.FromMilliseconds(300) };
        await StartAsync();
        _server.RefuseNext("503 Service Unavailable", times: 1000);
        (await _server.PeerAsync(1)).Connection.Reset();
        var end = await _link!.Completion.WaitAsync(Soon);
        Assert.Equal(LiveCloseKind.ServiceUnavailable, end.Failure?.Kind);
        Assert.Equal(LiveCloseKind.NetworkLost, end.Close?.Kind);
        Assert.True(_handler.Failures.Length >= 3, $"{_handler.Failures.Length} attempts");
    }

    [Fact]
    public async Task FirstConnection_NoQuota_FailsAtOnceForTheCallerIsWaiting()
    {
        _server.RefuseNext("429 Too Many Requests", times: 10);
        _link = new LiveLink(Routes(), _handler, Prepared());
        var failure = await _link.StartAsync(CancellationToken.None).WaitAsync(Soon);
        Assert.Equal(LiveCloseKind.QuotaExceeded, failure?.Kind);
        Assert.Single(_handler.Failures);
        Assert.True(_link.Completion.IsCompleted);
    }

    [Fact]
    public async Task ConnectionsThatDieAtOnce_AreNotTriedInACircle()
    {
        Options = Options with { FirstBackOff = TimeSpan.FromMilliseconds(400), MostBackOff = TimeSpan.FromMilliseconds(400) };
        await StartAsync();
        for (var i = 1; i <= 3; i++) (await _server.PeerAsync(i)).Connection.Reset();
        await _server.PeerAsync(4);
        Assert.All(_handler.Ups.Skip(1), up => Assert.InRange(up.Gap.TotalMilliseconds, 300, 20_000));
    }

    [Fact]
    public async Task NetworkThatTakesNothing_IsGivenUpWithinSeconds()
    {
        Options = Options with { StuckAfter = TimeSpan.FromSeconds(0.6) };
        var stall = new TaskCompletionSource();
        _server.NextDoor(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.ReceiveTextAsync();
            await connection.SendTextAsync("""{"setupComplete":{}}""");
            await Task.WhenAny(stall.Task, connection.HangAsync());
            return false;
        });
        var caller = await StartAsync();
        // More than any kernel buffers, in a few milliseconds.
        while (_server.Connections == 0)
        {
            caller.Say(100);
            await Task.Delay(1);
        }
        stall.SetResult();
        await _handler.UntilAsync("up 2");
        Assert.Equal(LinkCause.Stuck, Assert.Single(_handler.Downs).Cause);
    }

    [Fact]
    public async Task ManualActivity_TurnIsMarked_WithItsPreRoll()
    {
        var caller = await StartAsync(setup: Manual);
        var first = await _server.PeerAsync(1);
        caller.Pause(40);
        caller.Say(10);
        caller.Pause(5);
        await Until.TrueAsync(() => first.Heard.Contains("activityEnd"), "the end of the turn");
        Assert.Equal(["activityStart", .. Enumerable.Range(15, 35).Select(n => $"#{n}"), "activityEnd"], first.Heard);

        caller.Say(3);
        first.Connection.Reset();
        await _handler.UntilAsync("down Lost");
        caller.Say(3);
        caller.Pause(1);
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Heard.Count(h => h == "activityEnd") == 2, "both turns");
        Assert.Equal("activityStart", second.Heard[0]);
        Assert.Subset(second.Audio.ToHashSet(), Enumerable.Range(40, 10).Concat(Enumerable.Range(55, 6)).ToHashSet());
    }

    [Fact]
    public async Task TextWhileDown_IsSaidFirst()
    {
        var caller = await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        _server.RefuseNext("503 Service Unavailable", times: 2);
        first.Connection.Reset();
        await _handler.UntilAsync("down Lost");
        Assert.False(_link!.SendToolResponse(1, [new LiveToolResult("id", "f", default)]));
        Assert.False(_link.SendContext("stale"));
        _link.SendText("two");
        caller.Say(3);
        _handler.WhenUp = _ => _link.SendText("one");
        var second = await _server.PeerAsync(2);
        await Until.TrueAsync(() => second.Audio.Length >= 3, "the audio");
        Assert.Equal(["text one", "text two"], second.Heard[..2]);
        Assert.Equal(2, second.Heard.Count(h => h.StartsWith("text", StringComparison.Ordinal)));
        await Until.TrueAsync(() => _link.SendToolResponse(_link.Connection, [new LiveToolResult("id", "f", default)]), "the new connection takes an answer");
        Assert.False(_link.SendToolResponse(1, [new LiveToolResult("id", "f", default)]));
    }

    [Fact]
    public async Task ContextUpdate_IsSentNow_AndStandsInTheSetupOfEveryLaterConnection()
    {
        await StartAsync(setup: Setups.Minimal with { SystemInstruction = "old", Functions = [new LiveFunction("a", "A."), new LiveFunction("b", "B.")] });
        var first = await _server.PeerAsync(1);
        Assert.True(_link!.UpdateContext("new", [new LiveFunction("b", "B.")]));
        await Until.TrueAsync(() => first.Heard.Contains("contextUpdate"), "the update");
        first.Connection.Reset();
        var second = await _server.PeerAsync(2);
        Assert.Contains("new", second.Setup.GetProperty("systemInstruction").ToString());
        Assert.Equal(1, second.Setup.GetProperty("tools")[0].GetProperty("functionDeclarations").GetArrayLength());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AskedToReconnect_ElsewhereMeansAFreshSessionWhenThereIsNoOtherRoute(bool elsewhere)
    {
        await StartAsync();
        var first = await _server.PeerAsync(1);
        await first.HandleAsync("h1");
        await _handler.UntilAsync("handle h1 True");
        _link!.Reconnect(elsewhere);
        var second = await _server.PeerAsync(2);
        Assert.Equal(elsewhere ? null : "h1", second.Handle);
        await _handler.UntilAsync("up 2");
        Assert.Equal(LinkCause.Asked, _handler.Ups[1].Cause);
    }

    [Fact]
    public async Task HandlerThatThrows_EndsTheLinkAndLeaksNothing()
    {
        await StartAsync();
        _handler.WhenUp = _ => throw new InvalidOperationException("a bug");
        (await _server.PeerAsync(1)).Connection.Reset();
        var end = await _link!.Completion.WaitAsync(Soon);
        Assert.Equal("a bug", end.Close?.Exception?.Message);
    }

    [Fact]
    public async Task Dispose_WhileAConnectionIsSought_EndsAtOnce()
    {
        Options = Options with { FirstBackOff = TimeSpan.FromMinutes(1), MostBackOff = TimeSpan.FromMinutes(1), RetryBudget = TimeSpan.FromMinutes(9) };
        await StartAsync();
        (await _server.PeerAsync(1)).Connection.Reset();
        await _handler.UntilAsync("down Lost");
        await _link!.DisposeAsync().AsTask().WaitAsync(Soon);
        Assert.Null((await _link.Completion).Failure);
    }

    private static LiveSetup Manual => Setups.Minimal with { RealtimeInput = new LiveRealtimeInput { AutomaticActivityDetection = false } };

    private async Task<LinkCaller> StartAsync(LinkServer? second = null, LiveSetup? setup = null)
    {
        _link = new LiveLink(Routes(second, setup), _handler, Prepared());
        Assert.Null(await _link.StartAsync(CancellationToken.None).WaitAsync(Soon));
        await _handler.UntilAsync("up 1");
        return new LinkCaller(_link);
    }

    private LiveLinkOptions Prepared() => Options with { Session = new LiveSessionOptions { BufferPool = _pool } };

    private IReadOnlyList<LiveRoute> Routes(LinkServer? second = null, LiveSetup? setup = null)
    {
        var home = new LiveRoute("route 1", _server.Endpoint, setup ?? Setups.Minimal);
        return second is null ? [home] : [home, new LiveRoute("route 2", second.Endpoint, Setups.Minimal with { Model = "other" })];
    }
}
