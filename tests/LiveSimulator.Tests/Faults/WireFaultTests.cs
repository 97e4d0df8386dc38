using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class WireFaultTests
{
    private const string Transcripts = "\"outputAudioTranscription\":{},\"inputAudioTranscription\":{}";
    private const string Line = "Good evening, restaurant Bella Vista, how can I help you?";

    [Fact]
    public async Task Malformed_SoManyInARow_NoneIsJson()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);

        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.Malformed { Messages = 7 });

        for (var i = 0; i < 7; i++)
        {
            var (_, payload) = (await client.ReadAsync())!.Value;
            Assert.ThrowsAny<JsonException>(() => JsonElement.Parse(payload));
        }

        await client.NudgeAsync();
        await client.UntilAsync("serverContent");
    }

    [Fact]
    public async Task Enormous_IsOneValidMessageOfThatSize()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);

        var sending = (await server.WaitForSessionAsync()).InjectAsync(new Fault.Enormous { Megabytes = 3 });
        var (_, payload) = (await client.ReadAsync())!.Value;

        Assert.True(await sending);
        Assert.Equal(3 << 20, payload.Length);
        Assert.Equal(payload.Length - 13, JsonElement.Parse(payload).GetProperty("filler").GetString()!.Length);
    }

    [Fact]
    public async Task UnknownFields_AreValidJson_AndNothingThatAClientKnows()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server);

        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.UnknownFields());
        await client.WaitAsync("last of them", static m => m.TryGetProperty("voiceActivity", out _));

        Assert.Equal(5, client.Messages.Count);
        Assert.Contains(client.Messages, static m => m.TryGetProperty("futureEvent", out _));
    }

    [Fact]
    public async Task Raw_AnyText_IsSentAsItIs()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);

        await (await server.WaitForSessionAsync()).InjectAsync(Fault.Parse("""{"kind":"raw","text":"{\"toolCallCancellation\":{\"ids\":[\"x\"]}}"}"""));

        Assert.Equal("""{"toolCallCancellation":{"ids":["x"]}}""", Encoding.UTF8.GetString((await client.ReadAsync())!.Value.Payload));
    }

    [Fact]
    public async Task Frames_Text_UntilCleared()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "tone" });
        await using var client = await TestClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();

        await session.InjectAsync(new Fault.Frames());
        await client.NudgeAsync();
        await client.WaitForContentAsync("generationComplete");
        Assert.All(client.FrameTypes.Skip(1), static type => Assert.Equal(WebSocketMessageType.Text, type));
        session.ClearFaults();
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(WebSocketMessageType.Binary, client.FrameTypes[^1]);
    }

    [Fact]
    public async Task UrlSafeBase64_HoldsTheSameAudio()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.UrlSafeBase64());

        await client.NudgeAsync();
        var texts = new List<string>();
        while (await client.UntilAsync("serverContent") is var message && !message.GetProperty("serverContent").TryGetProperty("generationComplete", out _))
            texts.Add(message.GetProperty("serverContent").GetProperty("modelTurn").GetProperty("parts")[0].GetProperty("inlineData").GetProperty("data").GetString()!);

        Assert.DoesNotContain(texts, static text => text.Contains('+', StringComparison.Ordinal) || text.Contains('/', StringComparison.Ordinal) || text.Contains('=', StringComparison.Ordinal));
        Assert.Contains(texts, static text => text.Contains('_', StringComparison.Ordinal));
        Assert.Equal(VoiceLibrary.Named("greeting")!.Pcm.ToArray(), texts.SelectMany(static text => System.Buffers.Text.Base64Url.DecodeFromChars(text)));
    }

    [Fact]
    public async Task TwoFields_AudioWithTranscript_AndEverythingOfATurnsEnd_ShareMessages()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server, Transcripts);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.TwoFields());

        await client.NudgeAsync();
        var end = await client.WaitForContentAsync("turnComplete");

        Assert.Equal(Line, client.Transcript());
        Assert.Equal(VoiceLibrary.Named("greeting")!.Pcm.ToArray(), client.Audio());
        Assert.Contains(client.Messages, static m => m.TryGetProperty("serverContent", out var content) && content.TryGetProperty("modelTurn", out _) && content.TryGetProperty("outputTranscription", out _));
        Assert.True(end.TryGetProperty("usageMetadata", out _));
        Assert.True(end.GetProperty("serverContent").GetProperty("generationComplete").GetBoolean());
    }

    [Fact]
    public async Task TwoFields_Interruption_IsOneMessage()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "long-speech" });
        await using var client = await TestClient.StartAsync(server);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.TwoFields());
        await client.SpeakAsync(3);
        await client.WaitForContentAsync("modelTurn");

        await client.SendAudioAsync(TestClient.CallerSpeech(3));
        var message = await client.WaitForContentAsync("interrupted");

        Assert.True(message.GetProperty("serverContent").GetProperty("turnComplete").GetBoolean());
        Assert.True(message.TryGetProperty("usageMetadata", out _));
    }

    [Theory]
    [InlineData("transcripts:duplicated")]
    [InlineData("transcripts:outOfOrder")]
    [InlineData("transcripts:late")]
    [InlineData("transcripts:missing")]
    public async Task Transcripts_InDisorder_ForOneReply(string fault)
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse($$"""
            { "greeting": [ "{{Line}}" ], "turns": [ { "caller": "Yes.", "steps": [ "No." ] } ], "delivery": { "seed": 3, "thinkMs": 0 } }
            """) });
        await using var client = await TestClient.StartAsync(server, Transcripts);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(Fault.Parse(fault));

        await client.NudgeAsync();
        await client.WaitForContentAsync("turnComplete");
        await client.SilenceAsync();
        var beforeTheEnd = client.Messages.TakeWhile(static m => !m.ToString().Contains("turnComplete", StringComparison.Ordinal))
            .Count(static m => m.ToString().Contains("outputTranscription", StringComparison.Ordinal));
        var transcript = client.Transcript();

        switch (fault)
        {
            case "transcripts:missing":
                Assert.Equal("", transcript);
                break;
            case "transcripts:late":
                Assert.Equal((0, Line), (beforeTheEnd, transcript));
                break;
            default:
                Assert.NotEqual(Line, transcript);
                Assert.Equal(fault.EndsWith("duplicated", StringComparison.Ordinal) ? Line.Length * 2 : Line.Length, transcript.Length);
                break;
        }

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        Assert.EndsWith("No.", client.Transcript(), StringComparison.Ordinal);
        Assert.Empty(session.StandingFaults);
    }
}
