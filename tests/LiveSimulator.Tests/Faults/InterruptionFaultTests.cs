using System.Diagnostics;

namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class InterruptionFaultTests
{
    private const string Setup = "\"outputAudioTranscription\":{}";

    private static readonly Scenario Talker = Scenario.Parse("""
        { "turns": [ { "steps": [ { "tone": { "frequencyHz": 500, "milliseconds": 6000 } } ] }, { "steps": [ "The second answer." ] } ], "delivery": { "thinkMs": 20, "speed": 3 } }
        """);

    [Fact]
    public async Task NoInterrupted_TheOldReplyEndsWithoutAWord()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Talker });
        await using var client = await StartTalkingAsync(server);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.NoInterrupted());

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("outputTranscription");
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(0, client.Count("interrupted"));
        Assert.Equal("The second answer.", client.Transcript());
        Assert.True(client.Audio().Length < 6000 * 48);
    }

    [Fact]
    public async Task NoInterrupted_GoesOn_TheCallerIsAnsweredAfterTheWholeReply()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Talker });
        await using var client = await StartTalkingAsync(server);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.NoInterrupted { GoesOn = true });

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        Assert.Equal(6000 * 48, client.Audio().Length);
        Assert.Equal("", client.Transcript());
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal("The second answer.", client.Transcript());
        Assert.Equal(0, client.Count("interrupted"));
    }

    [Fact]
    public async Task NoInterrupted_GoesOn_ANoteMakesItListen()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Talker });
        await using var client = await StartTalkingAsync(server);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.NoInterrupted { GoesOn = true });

        await client.SpeakAsync(3);
        await SessionAssert.SeesAsync(session, SessionEventKind.SpeechEnded, 2);
        await client.NudgeAsync("[system] The caller is speaking over you. Stop, and listen to them.");
        await client.WaitForContentAsync("interrupted");
        await client.WaitForContentAsync("generationComplete");

        Assert.Equal("The second answer.", client.Transcript());
    }

    [Fact]
    public async Task LateInterrupted_ComesSoMuchLater_AndAudioGoesOnUntilThen()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Talker });
        await using var client = await StartTalkingAsync(server);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.LateInterrupted { By = TimeSpan.FromMilliseconds(900) });

        await client.SpeakAsync(3);
        await SessionAssert.SeesAsync(session, SessionEventKind.SpeechStarted, 2);
        var started = session.Events.Last(static each => each.Kind == SessionEventKind.SpeechStarted).Timestamp;
        var before = client.Audio().Length;
        await client.WaitForContentAsync("interrupted");

        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(850), $"{Stopwatch.GetElapsedTime(started)}");
        Assert.True(client.Audio().Length > before);
        await client.WaitForContentAsync("outputTranscription");
        Assert.Equal(1, client.Count("interrupted"));
    }

    [Fact]
    public async Task PhantomInterrupted_NobodySpoke_TheModelStopsAndANudgeGetsTheRest()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Talker });
        await using var client = await StartTalkingAsync(server);
        var session = await server.WaitForSessionAsync();

        await session.InjectAsync(new Fault.PhantomInterrupted());
        await client.WaitForContentAsync("interrupted");
        await client.WaitForContentAsync("turnComplete");
        var heard = client.Audio().Length;
        await client.SilenceAsync();
        Assert.Equal(heard, client.Audio().Length);
        Assert.Single(session.Events, static each => each.Kind == SessionEventKind.SpeechStarted);

        await client.NudgeAsync("Are you still there?");
        await client.WaitForContentAsync("turnComplete");
        Assert.Equal(heard + (6000 * 48), client.Audio().Length);
    }

    [Fact]
    public async Task PhantomInterrupted_GoesOn_OnlyTheWordIsSaid()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Talker });
        await using var client = await StartTalkingAsync(server);

        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.PhantomInterrupted { GoesOn = true });
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(1, client.Count("interrupted"));
        Assert.Equal(6000 * 48, client.Audio().Length);
    }

    [Fact]
    public async Task PhantomInterrupted_AsAStep_EndsItsOwnReply()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "turns": [ { "steps": [ "One.", { "fault": "phantomInterrupted" }, "Two." ] } ] }
            """) });
        await using var client = await TestClient.StartAsync(server, Setup);

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("interrupted");
        await client.WaitForContentAsync("turnComplete");
        await client.NudgeAsync("go on");
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal("One.Two.", client.Transcript());
    }

    [Fact]
    public async Task InterruptedAfterTurnComplete_CallerSpeaksIntoWhatStillPlays()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Talker });
        await using var client = await TestClient.StartAsync(server, Setup);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.InterruptedAfterTurnComplete());

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        Assert.Equal(6000 * 48, client.Audio().Length);
        await client.SendAudioAsync(TestClient.CallerSpeech(3));
        await client.WaitForContentAsync("interrupted");

        Assert.Equal(["setupComplete", "generationComplete", "turnComplete", "usageMetadata", "interrupted"], client.Order());
    }

    /// <summary>The long first reply has begun.</summary>
    private static async Task<TestClient> StartTalkingAsync(LiveSimulatorServer server)
    {
        var client = await TestClient.StartAsync(server, Setup);
        await client.SpeakAsync(3);
        await client.WaitForContentAsync("modelTurn");
        return client;
    }
}
