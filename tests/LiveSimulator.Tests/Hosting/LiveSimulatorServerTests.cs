using System.Net;
using System.Net.WebSockets;

namespace VoiceGateway.LiveSimulator.Tests.Hosting;

public sealed class LiveSimulatorServerTests
{
    [Theory]
    [InlineData("/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent")]
    [InlineData("/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained?access_token=auth_tokens/x")]
    [InlineData("/behind/a/proxy/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k")]
    public async Task Connect_EveryDoorOfTheDeveloperApi_Opens(string path)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server, path: path);

        Assert.True(Assert.Single(server.Sessions).IsOpen);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/ws/google.ai.generativelanguage.v2.GenerativeService.BidiGenerateContent")]
    [InlineData("/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent/more")]
    public async Task Connect_ElsewhereOrWithoutAWebSocket_IsAnHttpError(string path)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(Http(server, path))).StatusCode);
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await http.GetAsync(Http(server, TestClient.DeveloperPath))).StatusCode);
    }

    [Fact]
    public async Task Key_ByHeaderQueryOrBearer_IsToldApart()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ApiKey = "secret" });
        // A session is one some time after its client has been told that it is connected.
        await using var header = await TestClient.ConnectAsync(server, configure: static options => options.SetRequestHeader("x-goog-api-key", "secret"));
        await SessionAssert.IsAsync(() => server.Sessions.Count == 1, "the first is there");
        await using var query = await TestClient.ConnectAsync(server, TestClient.DeveloperPath + "?key=secret");
        await SessionAssert.IsAsync(() => server.Sessions.Count == 2, "the second is there");
        await using var bearer = await TestClient.ConnectAsync(server, TestClient.VertexPath, static options => options.SetRequestHeader("Authorization", "Bearer secret"));
        await SessionAssert.IsAsync(() => server.Sessions.Count == 3, "the third is there");

        Assert.Equal([CredentialKind.ApiKeyHeader, CredentialKind.ApiKeyQuery, CredentialKind.Bearer], server.Sessions.Select(static session => session.Credential));
    }

    [Theory]
    [InlineData("?key=wrong", 1007, "API key not valid")]
    [InlineData("", 1008, "unregistered callers")]
    public async Task Key_WrongOrMissing_ClosesAsTheServiceDoes(string query, int code, string reason)
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ApiKey = "secret" });
        await using var client = await TestClient.ConnectAsync(server, TestClient.DeveloperPath + query);
        await client.WaitForCloseAsync();

        Assert.Equal(code, (int?)client.CloseStatus);
        Assert.Contains(reason, client.CloseReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_WrongOnVertex_IsHttp401()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ApiKey = "secret" });

        var fault = await Assert.ThrowsAsync<WebSocketException>(() => TestClient.ConnectAsync(server, TestClient.VertexPath));

        Assert.Contains("401", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wire_Sprinkled_HasUnknownFieldsBothFrameTypesAndIndentation()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "greeting": [ "I heard you. Please go on." ], "wire": { "frames": "alternating", "indented": true, "sprinkle": true } }
            """) });
        await using var client = await TestClient.StartAsync(server);
        await client.NudgeAsync();
        await client.WaitForContentAsync("waitingForInput");

        Assert.Equal(2, client.FrameTypes.Distinct().Count());
        Assert.Contains(client.Messages, static m => m.TryGetProperty("futureField", out _));
        Assert.Equal(VoiceLibrary.Named("heard-you")!.Pcm.ToArray(), client.Audio());
    }

    [Fact]
    public async Task Session_ClosedOrDroppedFromOutside_TheClientSeesIt()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var closed = await TestClient.StartAsync(server);
        await using var dropped = await TestClient.StartAsync(server);
        var sessions = server.Sessions.ToList();

        await sessions[0].SendRawAsync("""{"goAway":{"timeLeft":"50s"}}""");
        await closed.WaitAsync("goAway", static m => m.TryGetProperty("goAway", out _));
        await sessions[0].CloseAsync(1011, "Internal error encountered.");
        sessions[1].Abort();
        await Task.WhenAll(closed.WaitForCloseAsync(), dropped.WaitForCloseAsync(), sessions[0].Completion, sessions[1].Completion);

        Assert.Equal(1011, (int?)closed.CloseStatus);
        Assert.Null(dropped.CloseStatus);
        Assert.Equal([1011, 1006], sessions.Select(static session => session.CloseCode));
        Assert.All(sessions, static session => Assert.Null(session.Fault));
    }

    [Fact]
    public async Task Client_VanishesInTheMiddleOfAReply_LeavesNothingBehind()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "long-speech" });
        await using (var client = await TestClient.StartAsync(server))
        {
            await client.SpeakAsync();
            await client.WaitForContentAsync("modelTurn");
        }

        var session = Assert.Single(server.Sessions);
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(1006, session.CloseCode);
        Assert.Null(session.Fault);
    }

    [Fact]
    public async Task Client_ThatNeverReads_CanStillBeDisposedOf()
    {
        var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "turns": [ { "steps": [ { "tone": { "frequencyHz": 500, "milliseconds": 120000 } } ] } ], "loop": true, "delivery": { "speed": 1000, "thinkMs": 0 } }
            """) });
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(server.Endpoint, TestClient.DeveloperPath), CancellationToken.None);
        await socket.SendAsync("""{"setup":{"model":"models/gemini-3.8-live"}}"""u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var session = await server.WaitForSessionAsync();
        await SessionAssert.SeesAsync(session, SessionEventKind.SetupComplete);
        await socket.SendAsync("""{"realtimeInput":{"text":"go"}}"""u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        await SessionAssert.SeesAsync(session, SessionEventKind.FirstAudio);
        await Task.Delay(300);

        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15));
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Null(session.Fault);
    }

    [Fact]
    public async Task Dispose_WithOpenSessions_ClosesThemAndFreesThePort()
    {
        var server = await StartOnAPortOfItsOwnAsync();
        await using var client = await TestClient.StartAsync(server);
        var port = server.Endpoint.Port;

        await server.DisposeAsync();
        await server.DisposeAsync();
        await client.WaitForCloseAsync();

        Assert.Equal(1001, (int?)client.CloseStatus);
        await using var next = await LiveSimulatorServer.StartAsync(new() { Port = port });
        Assert.Equal(port, next.Endpoint.Port);
    }

    [Fact]
    public async Task Start_PortTaken_ThrowsIOException()
    {
        await using var server = await LiveSimulatorServer.StartAsync();

        await Assert.ThrowsAsync<IOException>(() => LiveSimulatorServer.StartAsync(new() { Port = server.Endpoint.Port }));
    }

    [Fact]
    public async Task Sessions_ThatHaveEnded_AreForgottenAfterSoMany()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { EndedSessionsKept = 2 });
        for (var i = 0; i < 4; i++)
        {
            await using var client = await TestClient.ConnectAsync(server);
            await client.CloseAsync();
            var id = $"session-{i + 1}";
            await (await server.WaitForSessionAsync(session => session.Id == id || session.Id.CompareTo(id) > 0)).Completion;
        }

        await using var last = await TestClient.StartAsync(server);

        Assert.InRange(server.Sessions.Count, 1, 4);
        Assert.Equal(1, server.Sessions.Count(static session => session.IsOpen));
    }

    // None that the kernel hands out (32768 and up on Linux): freed, it is given to nobody else.
    private static async Task<LiveSimulatorServer> StartOnAPortOfItsOwnAsync()
    {
        while (true)
        {
            try
            {
                return await LiveSimulatorServer.StartAsync(new() { Port = Random.Shared.Next(10_000, 30_000) });
            }
            catch (IOException)
            {
                // Somebody's.
            }
        }
    }

    private static Uri Http(LiveSimulatorServer server, string path) => new($"http://{server.Endpoint.Authority}{path}");
}
