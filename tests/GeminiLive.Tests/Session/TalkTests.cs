using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A session that works.</summary>
public sealed class TalkTests : IDisposable
{
    private readonly CountingPool _pool = new();
    private readonly RecordingHandler _handler = new();

    public void Dispose()
    {
        Assert.Equal(0, _pool.Outstanding);
        Assert.Equal(0, _pool.ReturnedWrongly);
    }

    [Fact]
    public async Task Turn_TextBinaryAndFragmentedFrames_ReachTheHandlerInOrder()
    {
        byte[] audio = Encoding.UTF8.GetBytes("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQIDBA=="}}]}}}""");
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendAsync(audio);
            await connection.SendAsync(audio, WebSocketMessageType.Binary);
            for (int at = 0; at < audio.Length; at++)
                await connection.SendAsync(audio.AsMemory(at, 1), WebSocketMessageType.Binary, end: at == audio.Length - 1);
            await connection.SendAsync(new byte[] { 0xEF, 0xBB, 0xBF }, end: false);
            await connection.SendTextAsync("""{"serverContent":{"generationComplete":true}}""");
            await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);

        string[] events = await _handler.UntilAsync("turn");

        Assert.Equal(["audio 4", "audio 4", "audio 4", "generated", "turn"], events);
        Assert.Equal(6, session.Counters.MessagesReceived);
        Assert.Equal(12, session.Counters.AudioBytesReceived);
    }

    [Fact]
    public async Task Client_EveryMessage_ArrivesInOrder()
    {
        var received = new TaskCompletionSource<List<string>>();
        await using var server = LoopbackServer.SetUp(async connection => received.SetResult(await connection.ReceiveAllAsync()));
        LiveSession session = await ConnectAsync(server);

        Assert.True(session.SendText("hello"));
        Assert.True(session.TrySendAudio(new short[320]));
        Assert.True(session.SendClientContent([new LiveContent("user", "x")], turnComplete: true));
        Assert.True(session.SendToolResponse([new LiveToolResult("1", "f", JsonElement.Parse("{}"))]));
        Assert.True(session.SendVideoFrame([0xFF]));
        Assert.True(session.SendAudioStreamEnd());
        Assert.True(session.SendContextUpdate("new", null));
        Assert.False(session.SendActivityStart());
        Assert.False(session.SendActivityEnd());
        while (session.Counters.AudioMessagesSent == 0) await Task.Delay(5);
        await session.DisposeAsync();

        List<string> messages = await received.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(
            ["text", "audio", "clientContent", "toolResponse", "video", "audioStreamEnd", "contextUpdate"],
            messages.Select(Name));
        Assert.Equal(7, session.Counters.ControlMessagesSent);
        Assert.Equal(8, session.ClientMessagesSent);
        Assert.False(session.SendText("late"));
        Assert.False(session.TrySendAudio(new short[320]));
    }

    [Fact]
    public async Task ManualActivity_Only_AllowsItsMarks()
    {
        var received = new TaskCompletionSource<List<string>>();
        await using var server = LoopbackServer.SetUp(async connection => received.SetResult(await connection.ReceiveAllAsync()));
        LiveSession session = await ConnectAsync(server, Setups.Minimal with
        {
            Model = "gemini-2.5-flash-native-audio",
            RealtimeInput = new LiveRealtimeInput { AutomaticActivityDetection = false },
        });
        Assert.True(session.SendActivityStart());
        Assert.True(session.SendActivityEnd());
        Assert.False(session.SendAudioStreamEnd());
        Assert.False(session.SendContextUpdate("x", null));
        await session.CloseAsync();
        Assert.Equal(["activityStart", "activityEnd"], (await received.Task).Select(Name));
    }

    [Theory]
    [InlineData(true, "clientContent|clientContent")]
    [InlineData(false, "")]
    public async Task ClientContent_FamilyThatTakesHistoryOnly_TakesNothingBehindIt(bool history, string expected)
    {
        var received = new TaskCompletionSource<List<string>>();
        await using var server = LoopbackServer.SetUp(async connection => received.SetResult(await connection.ReceiveAllAsync()));
        LiveSession session = await ConnectAsync(server, Setups.Minimal with
        {
            Model = "gemini-3.1-flash-live-preview",
            InitialHistoryInClientContent = history,
        });
        Assert.Equal(history, session.SendClientContent([new LiveContent("user", "a")], turnComplete: false));
        Assert.Equal(history, session.SendClientContent([new LiveContent("model", "b")], turnComplete: true));
        Assert.False(session.SendClientContent([new LiveContent("user", "c")], turnComplete: true));
        await session.CloseAsync();
        Assert.Equal(expected, string.Join('|', (await received.Task).Select(Name)));
    }

    [Fact]
    public async Task Resumption_OnlyResumableHandles_AreKept()
    {
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendTextAsync("""{"sessionResumptionUpdate":{"newHandle":"h1","resumable":true,"lastConsumedClientMessageIndex":"4"}}""");
            await connection.SendTextAsync("""{"sessionResumptionUpdate":{"newHandle":"h2","resumable":false}}""");
            await connection.SendTextAsync("""{"sessionResumptionUpdate":{"resumable":true}}""");
            await connection.SendTextAsync("""{"goAway":{"timeLeft":"50s"}}""");
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        await _handler.UntilAsync("goaway 50");
        Assert.Equal("h1", session.ResumptionHandle);
        Assert.Equal(4, session.LastConsumedClientMessageIndex);
        Assert.Equal(["handle h1 True", "handle h2 False", "handle  True", "goaway 50"], _handler.Events);
    }

    [Fact]
    public async Task LastReceived_MovesWithEveryMessage()
    {
        var go = new SemaphoreSlim(0);
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await go.WaitAsync(connection.Stop);
            await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        long connected = session.LastReceived;
        await Task.Delay(20);
        Assert.Equal(connected, session.LastReceived);
        go.Release();
        await _handler.UntilAsync("turn");
        Assert.True(session.LastReceived > connected);
    }

    [Fact]
    public async Task ToolCall_WithoutId_IsAnsweredWithoutId()
    {
        var answer = new TaskCompletionSource<string?>();
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendTextAsync("""{"toolCall":{"functionCalls":[{"name":"f","args":{}}]}}""");
            answer.SetResult(await connection.ReceiveTextAsync());
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        await _handler.UntilAsync("call f{}");
        session.SendToolResponse([new LiveToolResult(_handler.Calls[0].Id, "f", JsonElement.Parse("""{"output":1}"""))]);
        JsonNode response = JsonNode.Parse((await answer.Task)!)!["toolResponse"]!["functionResponses"]![0]!;
        Assert.Null(response["id"]);
        Assert.Equal(1, (int?)response["response"]!["output"]);
    }

    [Fact]
    public async Task Burst_AMinuteOfSpeechAtOnce_IsHeardWhole()
    {
        var whole = new byte[60 * 48_000];
        new Random(1).NextBytes(whole);
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            var random = new Random(2);
            for (int at = 0; at < whole.Length;)
            {
                int length = Math.Min(random.Next(1, 15_361), whole.Length - at);
                await connection.SendTextAsync(
                    """{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":" """.TrimEnd()
                    + Convert.ToBase64String(whole, at, length) + "\"}}]}}}");
                at += length;
            }

            await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        await _handler.UntilAsync("turn");
        Assert.Equal(whole, _handler.Audio);
    }

    private async Task<LiveSession> ConnectAsync(LoopbackServer server, LiveSetup? setup = null)
    {
        LiveConnectResult result = await LiveSession.ConnectAsync(
            server.Endpoint, setup ?? Setups.Minimal, _handler, new LiveSessionOptions { BufferPool = _pool });
        Assert.True(result.IsConnected, result.ToString());
        return result.Session;
    }

    private static string Name(string json)
    {
        JsonObject message = JsonNode.Parse(json)!.AsObject();
        var (name, value) = message.Single();
        return name == "realtimeInput" ? value!.AsObject().Single().Key : name;
    }
}
