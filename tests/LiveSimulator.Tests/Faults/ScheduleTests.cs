namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class ScheduleTests
{
    [Fact]
    public async Task Scenario_WithASchedule_GivesEachConnectionItsFaults()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "turns": [ { "steps": [ "One." ] }, { "steps": [ "Two." ] } ], "delivery": { "thinkMs": 0, "speed": 20 },
              "faults": [
                { "at": "second:0.3", "kind": "unknownFields" },
                { "at": "turn:2", "kind": "emptyTurn" },
                { "at": "second:0.1", "kind": "close", "code": 1013, "connections": 1 }
              ] }
            """) });
        await using var closed = await RawClient.StartAsync(server);
        Assert.Equal(1013, RawClient.ReadClose((await closed.ReadToEndAsync())[^1]).Code);

        await using var client = await TestClient.StartAsync(server, "\"outputAudioTranscription\":{}");
        var session = server.Sessions.Last();
        await client.WaitAsync("unknown fields", static m => m.TryGetProperty("futureEvent", out _));
        for (var turn = 0; turn < 2; turn++)
        {
            await client.SpeakAsync(3);
            await client.WaitForContentAsync("turnComplete");
        }

        Assert.Equal("One.", client.Transcript());
        Assert.Equal(["unknownFields", "emptyTurn"], session.Faults.Select(static each => each.Fault.Kind));
        Assert.Equal(2, server.Faults.Armed.Count);
    }

    [Fact]
    public async Task GoAwayEvery_EachConnection_GetsOneInItsTime()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        server.Faults.Arm("""{ "goAwayEvery": "300ms", "timeLeft": "100ms" }""");
        for (var i = 0; i < 2; i++)
        {
            await using var client = await TestClient.StartAsync(server);
            await client.WaitAsync("goAway", static m => m.TryGetProperty("goAway", out _));
            await client.WaitForCloseAsync();
            Assert.Equal(1001, (int?)client.CloseStatus);
        }
    }

    [Fact]
    public async Task Every_ComesAgainAndAgain_UntilTheSessionIsOver()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        server.Faults.Arm(new Fault.Raw { Text = """{"tick":1}""" }, FaultMoment.Every(TimeSpan.FromMilliseconds(100)));
        await using var client = await TestClient.StartAsync(server);
        for (var i = 0; i < 4; i++)
            await client.WaitAsync("tick", static m => m.TryGetProperty("tick", out _));
        await client.CloseAsync();
        var session = await server.WaitForSessionAsync();
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        var count = session.Faults.Count;
        await Task.Delay(300);

        Assert.Equal(count, session.Faults.Count);
    }

    [Fact]
    public void Random_SameSeed_SameFaultsAtTheSameTimes_AroundTheInterval()
    {
        var armed = ArmedFault.Random(TimeSpan.FromSeconds(30), [new Fault.Drop(), new Fault.Close(), new Fault.EmptyTurn()], seed: 7);

        var (one, two) = (Draws(armed), Draws(armed));

        Assert.Equal(one, two);
        Assert.NotEqual(one, Draws(ArmedFault.Random(TimeSpan.FromSeconds(30), armed.From, seed: 8)));
        Assert.All(one, static draw => Assert.InRange(draw.After.TotalSeconds, 15, 45));
        Assert.InRange(one.Average(static draw => draw.After.TotalSeconds), 27, 33);
        Assert.Equal(3, one.Select(static draw => draw.Kind).Distinct().Count());
    }

    [Fact]
    public async Task Random_OverAllConnectionsOfAConversation_GoesOnWhereItWas()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        var armed = server.Faults.Arm(ArmedFault.Random(TimeSpan.FromSeconds(1), [new Fault.Raw { Text = """{"tick":1}""" }], seed: 1));
        string handle;
        await using (var client = await TestClient.StartAsync(server, "\"sessionResumption\":{}"))
        {
            handle = await client.NextHandleAsync();
            await client.WaitAsync("tick", static m => m.TryGetProperty("tick", out _));
            await client.CloseAsync();
        }

        var first = server.Sessions.First();
        await first.Completion;
        var due = first.Thread.Draws[armed.Id].Next;
        await using var next = await TestClient.StartAsync(server, $$""" "sessionResumption":{"handle":"{{handle}}"} """);
        await next.WaitAsync("tick", static m => m.TryGetProperty("tick", out _));
        var second = server.Sessions.Last();

        Assert.NotSame(first, second);
        Assert.Same(first.Thread, second.Thread);
        // A timer may be a tick early.
        Assert.InRange(TimeProvider.System.GetElapsedTime(due, second.Faults[0].Timestamp).TotalSeconds, -0.05, 5);
    }

    private static List<(string Kind, TimeSpan After)> Draws(ArmedFault armed)
    {
        var time = new ManualTime();
        var draw = new RandomDraw(armed, time);
        var drawn = new List<(string, TimeSpan)>();
        for (var i = 0; i < 200; i++)
        {
            var wait = time.GetElapsedTime(time.GetTimestamp(), draw.Next);
            time.Advance(wait);
            drawn.Add((draw.Draw().Kind, wait));
        }

        return drawn;
    }
}
