namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class InterruptionTests
{
    private const string Tools = """ "tools":[{"functionDeclarations":[{"name":"find_booking"},{"name":"opening_hours"}]}] """;

    [Fact]
    public async Task Caller_SpeaksAfterEverythingWasSentButBeforeItWasHeard_IsAnInterruption()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "long-speech" });
        await using var caller = await TestClient.StartAsync(server);
        await caller.SpeakAsync();
        await caller.WaitForContentAsync("turnComplete");
        var sent = caller.Audio().Length;

        await caller.SendAudioAsync(TestClient.CallerSpeech(0));
        await caller.WaitForContentAsync("interrupted");

        Assert.Equal(sent, caller.Audio().Length);
        // The turn had been completed: it is not completed twice.
        Assert.Equal(["setupComplete", "generationComplete", "turnComplete", "usageMetadata", "interrupted"], caller.Order());
    }

    [Fact]
    public async Task Caller_SpeaksWhileAudioIsBeingSent_StopsItAndNothingStaleFollows()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "turns": [ { "steps": [ { "tone": { "frequencyHz": 500, "milliseconds": 60000 } } ] } ], "delivery": { "speed": 4 } }
            """) });
        await using var caller = await TestClient.StartAsync(server);
        await caller.SpeakAsync();
        await caller.WaitForContentAsync("modelTurn");

        await caller.SendAudioAsync(TestClient.CallerSpeech(1));
        await caller.WaitForContentAsync("interrupted");
        var sent = caller.Audio().Length;
        await caller.WaitAsync("usage", static m => m.TryGetProperty("usageMetadata", out _));
        await Task.Delay(300);

        Assert.Equal(sent, caller.Audio().Length);
        Assert.Equal(["setupComplete", "interrupted", "turnComplete", "usageMetadata"], caller.Order());
    }

    [Fact]
    public async Task Caller_SpeaksAfterTheReplyWasHeard_IsNoInterruption()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server);

        for (var i = 0; i < 3; i++)
        {
            await caller.SpeakAsync(3);
            await caller.WaitForContentAsync("turnComplete");
        }

        Assert.Equal(0, caller.Count("interrupted"));
    }

    [Fact]
    public async Task NoInterruption_CallerSpeaksIntoTheReply_IsAnsweredAfterIt()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server, """ "realtimeInputConfig":{"activityHandling":"NO_INTERRUPTION"},"outputAudioTranscription":{} """);
        await caller.NudgeAsync();
        await caller.WaitForContentAsync("modelTurn");

        await caller.SpeakAsync();
        await caller.WaitForContentAsync("turnComplete");
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal(0, caller.Count("interrupted"));
        Assert.EndsWith("how can I help you?I heard you. Please go on.", caller.Transcript(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_SpeaksWhileToolsArePending_CancelsThemAndTheTurnComesAgain()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var caller = await TestClient.StartAsync(server, Tools + ",\"inputAudioTranscription\":{}");
        var session = await server.WaitForSessionAsync();
        await caller.SpeakAsync();
        var first = await caller.WaitForToolCallAsync();

        await caller.SendAudioAsync(TestClient.CallerSpeech(1));
        var cancelled = (await caller.WaitAsync("cancellation", static m => m.TryGetProperty("toolCallCancellation", out _))).GetProperty("toolCallCancellation").GetProperty("ids");
        await caller.WaitForContentAsync("turnComplete");
        await caller.AnswerToolAsync(first[0], """{"output":1}""");
        await caller.SendAudioAsync(new short[11_200]);
        var second = await caller.WaitForToolCallAsync();

        Assert.Equal(
            first.EnumerateArray().Select(static call => call.GetProperty("id").GetString()).Order(),
            cancelled.EnumerateArray().Select(static id => id.GetString()).Order());
        Assert.Equal(2, second.GetArrayLength());
        Assert.NotEqual(first[0].GetProperty("id").GetString(), second[0].GetProperty("id").GetString());
        Assert.Equal(["setupComplete", "toolCall", "toolCallCancellation", "interrupted", "turnComplete", "usageMetadata", "toolCall"], caller.Order());
        Assert.True(session.ToolCalls[0] is { Cancelled: true, AnsweredLate: true, Response: null });
        Assert.Equal(0, caller.Count("modelTurn"));
        // The turn came again, its transcript did not.
        Assert.Equal("Do I have a booking, and when are you open?", caller.Transcript("inputTranscription"));
    }

    [Fact]
    public async Task Text_WhileTheModelSpeaks_Interrupts()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server, "\"outputAudioTranscription\":{}");
        await caller.NudgeAsync();
        await caller.WaitForContentAsync("modelTurn");

        await caller.NudgeAsync("5");
        await caller.WaitForContentAsync("interrupted");
        await caller.WaitForContentAsync("generationComplete");

        Assert.EndsWith("You wrote: 5", caller.Transcript(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplicitVadSignal_OnVertex_TellsWhenTheCallerSpeaks()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server, "\"explicitVadSignal\":true", TestClient.VertexPath, "projects/p/locations/l/publishers/google/models/gemini-3.8-live");

        await caller.SpeakAsync(3);
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal(
            ["ACTIVITY_START", "ACTIVITY_END"],
            caller.Messages.Where(static m => m.TryGetProperty("voiceActivity", out _)).Select(static m => m.GetProperty("voiceActivity").GetProperty("voiceActivityType").GetString()));
    }
}
