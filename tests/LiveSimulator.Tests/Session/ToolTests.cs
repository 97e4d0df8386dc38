using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class ToolTests
{
    private const string Tools = """ "outputAudioTranscription":{},"tools":[{"functionDeclarations":[{"name":"find_booking"},{"name":"opening_hours"}]}] """;

    [Fact]
    public async Task TwoCalls_InOneMessage_AreBothAwaited()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var caller = await TestClient.StartAsync(server, Tools);
        var session = await server.WaitForSessionAsync();
        await caller.SpeakAsync();
        var calls = await caller.WaitForToolCallAsync();
        Assert.Equal(["find_booking", "opening_hours"], calls.EnumerateArray().Select(static call => call.GetProperty("name").GetString()));

        await caller.AnswerToolAsync(calls[1], """{"output":{"open":true}}""");
        await Task.Delay(200);
        Assert.Empty(caller.Audio());
        await caller.AnswerToolAsync(calls[0], """{"output":{"bookings":[]}}""");
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal("I have found your booking and our opening hours.", caller.Transcript());
        Assert.All(session.ToolCalls, static call => Assert.NotNull(call.AnsweredAt));
        Assert.True(session.ToolCalls[1].Response!.Value.GetProperty("output").GetProperty("open").GetBoolean());
    }

    [Fact]
    public async Task Answer_ToACallThatWasNeverMade_IsNotFound()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.StartAsync(server, Tools);

        await caller.AnswerToolAsync(JsonElement.Parse("""{"id":"made-up","name":"find_booking"}"""), "{}");
        await caller.WaitForCloseAsync();

        Assert.Equal(1008, (int?)caller.CloseStatus);
        Assert.Equal("Requested entity was not found.", caller.CloseReason);
    }

    [Fact]
    public async Task Scheduling_Silent_IsTakenInWithoutAWord()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var caller = await TestClient.StartAsync(server, Tools);
        await caller.SpeakAsync();
        foreach (var call in (await caller.WaitForToolCallAsync()).EnumerateArray())
            await caller.AnswerToolAsync(call, """{"output":1}""", ",\"scheduling\":\"SILENT\"");

        await caller.WaitForContentAsync("turnComplete");

        Assert.Empty(caller.Audio());
    }

    [Fact]
    public async Task ContextUpdate_OtherTools_AreTheOnesThatCount()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var caller = await TestClient.StartAsync(server, Tools);

        await caller.SendAsync("""{"contextUpdate":{"tools":[{"functionDeclarations":[{"name":"find_booking"}]}]}}""");
        await caller.SpeakAsync();
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal("I am afraid I cannot do that from here.", caller.Transcript());
    }

    [Fact]
    public async Task Results_InTheTranscript_AreSubstituted()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "turns": [ { "steps": [
                { "callTools": [ { "name": "find_booking", "result": "found" } ] },
                { "branch": { "on": "found", "cases": [
                    { "path": "size", "equals": 6, "steps": [ { "say": { "text": "Number {{result:found.booking_id}} for {{result:found.size}}.", "voice": "heard-you" } } ] },
                    { "steps": [ "Nothing." ] } ] } }
            ] } ] }
            """) });
        await using var caller = await TestClient.StartAsync(server, Tools);
        await caller.SpeakAsync();
        await caller.AnswerToolAsync((await caller.WaitForToolCallAsync())[0], """{"output":{"booking_id":"417","size":6}}""");

        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal("Number 417 for 6.", caller.Transcript());
    }

    [Fact]
    public async Task Vertex_CallsWithoutIds_AreAnsweredByName()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "turns": [ { "caller": "Find it", "steps": [ { "callTools": [ { "name": "find_booking" } ] }, "I heard you. Please go on." ] } ],
              "wire": { "omitToolCallIds": true, "bareMimeType": true } }
            """) });
        await using var caller = await TestClient.StartAsync(server, Tools + ",\"inputAudioTranscription\":{}", TestClient.VertexPath, "projects/p/locations/l/publishers/google/models/gemini-3.8-live");
        await caller.SpeakAsync();
        var call = (await caller.WaitForToolCallAsync())[0];
        Assert.False(call.TryGetProperty("id", out _));

        await caller.SendAsync("""{"toolResponse":{"functionResponses":[{"name":"find_booking","response":{"output":1}}]}}""");
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal("I heard you. Please go on.", caller.Transcript());
        Assert.Contains(caller.Messages, static m => m.ToString().Contains("\"mimeType\":\"audio/pcm\"", StringComparison.Ordinal));
        Assert.Contains(caller.Messages, static m => m.ToString().Contains("\"finished\":true", StringComparison.Ordinal));
    }
}
