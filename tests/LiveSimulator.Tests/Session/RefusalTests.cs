using System.Net.WebSockets;

namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("""{"realtimeInput":{"text":"hello"}}""", "setup must be the first")]
    [InlineData("""{"realtimeInput":{"audio":{"data":"AAAA","mimeType":"audio/pcm;rate=16000"}}}""", "setup must be the first")]
    [InlineData("""{"setup":{"model":"models/gemini-3.8-live","x":1}}""", "Unknown name \"x\" at 'setup'")]
    [InlineData("nonsense", "Invalid JSON payload")]
    public async Task FirstMessage_NotAGoodSetup_Closes1007(string json, string reason)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server);
        await client.SendAsync(json);
        await client.WaitForCloseAsync();

        Assert.Equal(1007, (int?)client.CloseStatus);
        Assert.Contains(reason, client.CloseReason, StringComparison.Ordinal);
        var session = Assert.Single(server.Sessions);
        await session.Completion;
        Assert.Equal(1007, session.CloseCode);
        Assert.Null(session.Fault);
    }

    [Theory]
    [InlineData("""{"setup":{"model":"models/gemini-3.8-live"}}""", "only the first")]
    [InlineData("""{"realtimeInput":{"activityStart":{}}}""", "Explicit activity control")]
    [InlineData("""{"realtimeInput":{"mediaChunks":[{"data":"AAAA","mimeType":"audio/pcm"}]}}""", "media_chunks is deprecated")]
    [InlineData("""{"realtimeInput":{"audio":{"data":"AAAA","mimeType":"audio/opus"}}}""", "Unsupported MIME type")]
    [InlineData("""{"realtimeInput":{"audio":{"data":"AAAA","mimeType":"audio/pcm;rate=11111"}}}""", "Unsupported sample rate")]
    [InlineData("""{"realtimeInput":{"audio":{"data":"AAAA"}}}""", "Unsupported MIME type")]
    [InlineData("""{"realtimeInput":{"audio":{"data":"AA$A","mimeType":"audio/pcm"}}}""", "Base64")]
    [InlineData("""{"realtimeInput":{"audio":{"data":"AAAA","mimeType":"audio/pcm;rate=16000"}}}""", "whole number of 16-bit")]
    [InlineData("""{"realtimeInput":{"video":{"data":"AAAA","mimeType":"video/mp4"}}}""", "image/jpeg")]
    [InlineData("""{"realtimeInput":{"text":"a"},"clientContent":{}}""", "oneof")]
    [InlineData("""{"toolResponse":{"functionResponses":[{"name":"f","response":{}}]}}""", "id is required")]
    public async Task LaterMessage_WhatTheServiceRefuses_Closes1007(string json, string reason)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server);
        await client.SendAsync(json);
        await client.WaitForCloseAsync();

        Assert.Equal(1007, (int?)client.CloseStatus);
        Assert.Contains(reason, client.CloseReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/gemini-3.8-live-extended-thinking", """{"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":{},"scheduling":"SILENT"}]}}""", "scheduling")]
    [InlineData("models/gemini-3.1-flash-live-preview", """{"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":{},"scheduling":"WHEN_IDLE"}]}}""", "scheduling")]
    [InlineData("models/gemini-3.1-flash-live-preview", """{"contextUpdate":{}}""", "context_update")]
    public async Task LaterMessage_WhatTheModelDoesNotTake_Closes1007(string model, string json, string reason)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server, model: model);
        await client.SendAsync(json);
        await client.WaitForCloseAsync();

        Assert.Equal(1007, (int?)client.CloseStatus);
        Assert.Contains(reason, client.CloseReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AudioStreamEnd_InManualMode_Closes1007()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server, """ "realtimeInputConfig":{"automaticActivityDetection":{"disabled":true}} """);
        await client.SendAsync("""{"realtimeInput":{"audioStreamEnd":true}}""");
        await client.WaitForCloseAsync();

        Assert.Equal(1007, (int?)client.CloseStatus);
    }

    [Fact]
    public async Task Message_BeforeSetupComplete_Closes1007()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""{"wire":{"setupMs":2000}}""") });
        await using var client = await TestClient.ConnectAsync(server);
        await client.SendSetupAsync();
        await client.NudgeAsync();
        await client.WaitForCloseAsync();

        Assert.Equal(1007, (int?)client.CloseStatus);
        Assert.Contains("before setupComplete", client.CloseReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_TooLarge_Closes1009()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { LargestMessageBytes = 20_000 });
        await using var client = await TestClient.StartAsync(server);
        await client.NudgeAsync(new string('x', 19_000));
        await client.NudgeAsync(new string('x', 90_000));
        await client.WaitForCloseAsync();

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.CloseStatus);
        Assert.Single(Assert.Single(server.Sessions).Texts);
    }

    [Fact]
    public async Task Audio_OtherEncodingsOfTheSameFrame_AreHeard()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { CaptureAudio = TimeSpan.FromSeconds(1) });
        await using var client = await TestClient.StartAsync(server, model: "models/gemini-2.5-flash-native-audio-latest");
        await client.SendAsync("""{"realtime_input":{"audio":{"mime_type":"audio/pcm;rate=16000","data":"-_8"}}}""");
        await client.SendAsync("""{"realtimeInput":{"audio":{"mimeType":"audio/pcm; rate=16000","data":"+\/8="}}}""");
        await client.SendAsync("""{"realtimeInput":{"mediaChunks":[{"mimeType":"audio/pcm","data":"+/8="},{"mimeType":"image/jpeg","data":"AAAA"}]}}""");
        await client.CloseAsync();
        var session = await server.WaitForSessionAsync();
        await session.Completion;

        Assert.Equal([-5, -5, -5], session.ReceivedAudio());
        Assert.Equal(3, session.AudioFramesReceived);
    }
}
