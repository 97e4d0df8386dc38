namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class ResumptionTests
{
    private const string Members = "\"sessionResumption\":{},\"inputAudioTranscription\":{},\"outputAudioTranscription\":{}";

    [Fact]
    public async Task Handle_OfAQuietPoint_BringsTheScenariosPlaceBack()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        string handle;
        await using (var caller = await TestClient.StartAsync(server, Members))
        {
            await caller.SpeakAsync(0);
            await caller.WaitForContentAsync("turnComplete");
            handle = await caller.NextHandleAsync();
            await caller.CloseAsync();
        }

        await (await server.WaitForSessionAsync()).Completion;
        await using var again = await TestClient.StartAsync(server, Members.Replace("{}", "{\"handle\":\"" + handle + "\"}", StringComparison.Ordinal).Replace("Transcription\":{\"handle\":\"" + handle + "\"}", "Transcription\":{}", StringComparison.Ordinal));
        await again.SpeakAsync(1);
        await again.WaitForContentAsync("turnComplete");

        Assert.Equal("Oh wait, sorry, make it eight o'clock please, for six.", again.Transcript("inputTranscription"));
    }

    [Fact]
    public async Task Updates_WhileReplying_SayNotResumable()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.StartAsync(server, Members);
        await caller.NextHandleAsync();

        await caller.NudgeAsync();
        await caller.WaitAsync("not resumable", static m => m.TryGetProperty("sessionResumptionUpdate", out var update) && !update.GetProperty("resumable").GetBoolean());
        await caller.NextHandleAsync();

        Assert.Equal(["setupComplete", "sessionResumptionUpdate", "sessionResumptionUpdate", "generationComplete", "turnComplete", "usageMetadata", "sessionResumptionUpdate"], caller.Order());
    }

    [Fact]
    public async Task Handle_WhileTheOldConnectionIsOpen_IsRefused()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.StartAsync(server, Members);
        var handle = await caller.NextHandleAsync();

        await using var second = await TestClient.ConnectAsync(server);
        await second.SendSetupAsync("\"sessionResumption\":{\"handle\":\"" + handle + "\"}");
        await second.WaitForCloseAsync();

        Assert.Equal(1011, (int?)second.CloseStatus);
    }

    [Fact]
    public async Task Handle_NobodyKnows_IsRefused()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.ConnectAsync(server);
        await caller.SendSetupAsync("\"sessionResumption\":{\"handle\":\"invented\"}");
        await caller.WaitForCloseAsync();

        Assert.Equal(1008, (int?)caller.CloseStatus);
    }
}
