using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class ToolFaultTests
{
    private const string Setup = """ "outputAudioTranscription":{},"sessionResumption":{},"tools":[{"functionDeclarations":[{"name":"find_booking"},{"name":"opening_hours"}]}] """;
    private const string Answer = "I have found your booking and our opening hours.";

    [Fact]
    public async Task LateCancellation_ComesAfterTheResponses_AndTheReplyGoesOn()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var client = await TestClient.StartAsync(server, Setup);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.LateCancellation());

        await client.SpeakAsync(3);
        var calls = await client.WaitForToolCallAsync();
        await AnswerAllAsync(client, calls);
        var cancelled = (await client.WaitAsync("cancellation", static m => m.TryGetProperty("toolCallCancellation", out _))).GetProperty("toolCallCancellation").GetProperty("ids");
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(Ids(calls), cancelled.EnumerateArray().Select(static id => id.GetString()));
        Assert.All(session.ToolCalls, static call => Assert.True(call is { Cancelled: true, AnsweredAt: not null, AnsweredLate: false }));
        Assert.Equal(Answer, client.Transcript());
        Assert.Equal(0, client.Count("interrupted"));
    }

    [Fact]
    public async Task CancelTools_NobodyInterrupted_TheTurnEndsAndANudgeCallsAgain()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var client = await TestClient.StartAsync(server, Setup);
        var session = await server.WaitForSessionAsync();
        await client.SpeakAsync(3);
        var first = await client.WaitForToolCallAsync();

        await session.InjectAsync(new Fault.CancelTools());
        await client.WaitForContentAsync("turnComplete");
        await AnswerAllAsync(client, first);
        await client.NudgeAsync("[system] The caller is waiting. Answer now.");
        var second = await client.WaitForToolCallAsync();
        await AnswerAllAsync(client, second);
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(0, client.Count("interrupted"));
        Assert.Empty(Ids(first).Intersect(Ids(second)));
        Assert.Equal(2, session.ToolCalls.Count(static call => call.AnsweredLate));
        Assert.Equal(Answer, client.Transcript());
    }

    [Fact]
    public async Task MissingIds_AnsweredByName_GoOn_AndTheNextCallHasThemAgain()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var client = await TestClient.StartAsync(server, Setup);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.MissingIds());

        await client.SpeakAsync(3);
        var calls = await client.WaitForToolCallAsync();
        Assert.All(calls.EnumerateArray(), static call => Assert.False(call.TryGetProperty("id", out _)));
        await client.SendAsync("""{"toolResponse":{"functionResponses":[{"name":"find_booking","response":{}},{"name":"opening_hours","response":{}}]}}""");
        await client.WaitForContentAsync("turnComplete");
        await client.SpeakAsync(3);
        var next = await client.WaitForToolCallAsync();

        Assert.Equal(Answer, client.Transcript());
        Assert.All(next.EnumerateArray(), static call => Assert.True(call.TryGetProperty("id", out _)));
    }

    [Fact]
    public async Task DuplicateToolCall_SameIdTwice_SecondAnswerIsIgnored()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var client = await TestClient.StartAsync(server, Setup);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.DuplicateToolCall());

        await client.SpeakAsync(3);
        var first = await client.WaitForToolCallAsync();
        await AnswerAllAsync(client, first);
        var second = await client.WaitForToolCallAsync();
        await AnswerAllAsync(client, second);
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Equal(2, session.ToolCalls.Count);
        Assert.Equal(Answer, client.Transcript());
        Assert.True(session.IsOpen);
    }

    [Fact]
    public async Task UnknownFunction_BesideAReply_NeedsAnAnswerAndHoldsNothingUp()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        await using var client = await TestClient.StartAsync(server, Setup);
        var session = await server.WaitForSessionAsync();

        await session.InjectAsync(new Fault.UnknownFunction { Name = "launch_rocket" });
        var call = (await client.WaitForToolCallAsync())[0];
        Assert.Equal("launch_rocket", call.GetProperty("name").GetString());
        await client.SpeakAsync(3);
        var real = await client.WaitForToolCallAsync();
        await client.AnswerToolAsync(call, """{"error":"There is no such function."}""");
        await AnswerAllAsync(client, real);
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(Answer, client.Transcript());
        Assert.Equal("There is no such function.", session.ToolCalls[0].Response!.Value.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToldResults_OnANewConnection_TakeThePlaceOfTheCalls(bool turnIsReplayed)
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "parallel-tools" });
        string handle;
        await using (var client = await TestClient.StartAsync(server, Setup))
        {
            handle = await client.NextHandleAsync();
            await client.SpeakAsync(3);
            await client.WaitForToolCallAsync();
            await server.Sessions.First().InjectAsync(new Fault.Drop());
        }

        await server.Sessions.First().Completion;
        await using var next = await TestClient.StartAsync(server, Setup.Replace("sessionResumption\":{}", $"sessionResumption\":{{\"handle\":\"{handle}\"}}", StringComparison.Ordinal));
        // One note for each, as they come.
        string[] told =
        [
            """[system] The tool find_booking, which you had called with {"name":"Miller"}, has finished. Its result: {"output":[1]}""",
            """[system] The tool opening_hours, which you had called with {}, has finished. Its result: {"output":"always"}""",
        ];
        foreach (var note in told)
        {
            if (turnIsReplayed)
                await next.SendAsync(JsonSerializer.Serialize(new { clientContent = new { turns = new[] { new { role = "user", parts = new[] { new { text = note } } } }, turnComplete = false } }));
            else
                await next.NudgeAsync(note);
        }

        if (turnIsReplayed)
            await next.SpeakAsync(3);
        await next.WaitForContentAsync("turnComplete");

        Assert.Equal(Answer, next.Transcript());
        Assert.DoesNotContain(next.Messages, static m => m.TryGetProperty("toolCall", out _));

        // What was told is for that answer alone.
        await next.SpeakAsync(3);
        Assert.Equal(2, (await next.WaitForToolCallAsync()).GetArrayLength());
    }

    private static async Task AnswerAllAsync(TestClient client, JsonElement calls)
    {
        foreach (var call in calls.EnumerateArray())
            await client.AnswerToolAsync(call, """{"output":1}""");
    }

    private static IEnumerable<string?> Ids(JsonElement calls) => calls.EnumerateArray().Select(static call => call.GetProperty("id").GetString());
}
