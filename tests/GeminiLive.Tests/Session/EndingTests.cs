using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>How sessions end: by the server, by the network, by us, and by what neither should do.</summary>
public sealed class EndingTests : IDisposable
{
    private readonly CountingPool _pool = new();
    private RecordingHandler _handler = new();

    private LiveSessionOptions Options => new() { BufferPool = _pool };

    public void Dispose()
    {
        Assert.Equal(0, _pool.Outstanding);
        Assert.Equal(0, _pool.ReturnedWrongly);
    }

    [Theory]
    [InlineData(1000, "", LiveCloseKind.ClosedByServer, LiveRetry.Now)]
    [InlineData(1001, "bye", LiveCloseKind.GoingAway, LiveRetry.Now)]
    [InlineData(1007, "Request contains an invalid argument.", LiveCloseKind.ContractViolated, LiveRetry.Never)]
    [InlineData(1008, "Operation is not implemented, or supported, or enabled.", LiveCloseKind.NotImplemented, LiveRetry.FreshSession)]
    [InlineData(1008, "Requested entity was not found.", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession)]
    [InlineData(1011, "Internal error encountered.", LiveCloseKind.InternalError, LiveRetry.Later)]
    [InlineData(4000, "odd", LiveCloseKind.Unknown, LiveRetry.Later)]
    public async Task Server_Closes_CodeAndReasonAreKept(int code, string reason, LiveCloseKind kind, LiveRetry retry)
    {
        WebSocketCloseStatus? answered = null;
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
            await connection.CloseAsync(code, reason);
            await connection.ReceiveAllAsync();
            answered = connection.WebSocket.CloseStatus;
        });
        await using LiveSession session = await ConnectAsync(server);
        LiveClose close = await EndAsync(session);
        Assert.Equal((kind, code, reason, retry), (close.Kind, close.Code, close.Reason ?? "", close.Retry));
        Assert.Equal(["turn"], _handler.Events);
        await session.DisposeAsync();
        await server.DisposeAsync();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, answered);
    }

    [Fact]
    public async Task Network_Resets_IsLostAndSendingStops()
    {
        await using var server = LoopbackServer.SetUp(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });
        await using LiveSession session = await ConnectAsync(server);
        LiveClose close = await EndAsync(session);
        Assert.Equal((LiveCloseKind.NetworkLost, null, LiveRetry.Now), (close.Kind, close.Code, close.Retry));
        Assert.NotNull(close.Exception);
        Assert.False(session.TrySendAudio(new short[320]));
        Assert.False(session.SendText("x"));
    }

    [Fact]
    public async Task Network_EndsWithoutCloseFrame_IsLost()
    {
        await using var server = LoopbackServer.SetUp(_ => Task.CompletedTask);
        await using LiveSession session = await ConnectAsync(server);
        Assert.Equal(LiveCloseKind.NetworkLost, (await EndAsync(session)).Kind);
    }

    [Fact]
    public async Task Server_ClosesAndResetsWhileWeSend_TheCloseFrameExplains()
    {
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.CloseAsync(1011, "You exceeded your current quota");
            await Task.Delay(50);
            connection.Reset();
        });
        await using LiveSession session = await ConnectAsync(server);
        var frame = new short[320];
        while (session.TrySendAudio(frame)) await Task.Delay(1);
        LiveClose close = await EndAsync(session);
        Assert.Equal((LiveCloseKind.QuotaExceeded, 1011), (close.Kind, close.Code));
    }

    [Fact]
    public async Task Malformed_AFew_AreCountedAndPassedOver()
    {
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            for (int i = 0; i < 9; i++) await connection.SendTextAsync("not json");
            await connection.SendTextAsync("""{"serverContent":{"generationComplete":true}}""");
            for (int i = 0; i < 9; i++) await connection.SendTextAsync("[]");
            await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        await _handler.UntilAsync("turn");
        Assert.Equal(18, session.Counters.MalformedMessages);
        Assert.False(session.Completion.IsCompleted);
    }

    [Fact]
    public async Task Malformed_TooManyInARow_ClosesWith1007()
    {
        var status = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            for (int i = 0; i < 10; i++) await connection.SendTextAsync("<html>");
            await connection.ReceiveAllAsync();
            status.SetResult(connection.WebSocket.CloseStatus);
        });
        await using LiveSession session = await ConnectAsync(server);
        Assert.Equal((LiveCloseKind.ProtocolViolated, LiveRetry.Never), ((await EndAsync(session)).Kind, (await session.Completion).Retry));
        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, await status.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Message_Enormous_ClosesWithBoundedMemory()
    {
        const int Limit = 256 * 1024;
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            // A gigabyte announced in one frame, and as much of it sent as is taken.
            await connection.SendFrameHeadAsync(0x81, 1L << 30);
            var spaces = new byte[64 * 1024];
            spaces.AsSpan().Fill((byte)' ');
            for (int i = 0; i < 1 << 14; i++) await connection.SendRawAsync(spaces);
        });
        await using LiveSession session = await ConnectAsync(server, Options with { MaxMessageBytes = Limit });
        LiveClose close = await EndAsync(session);
        Assert.Equal((LiveCloseKind.MessageTooBig, LiveRetry.FreshSession), (close.Kind, close.Retry));
        await session.DisposeAsync();
        Assert.True(_pool.LargestRented <= 4 * Limit, $"{_pool.LargestRented} bytes rented");
    }

    [Fact]
    public async Task Message_LargeButAllowed_IsTakenAndItsMemoryGivenBack()
    {
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendTextAsync(
                """{"serverContent":{"outputTranscription":{"text":" """.TrimEnd() + new string('x', 4_000_000) + "\"},\"turnComplete\":true}}");
            await connection.SendTextAsync("""{"serverContent":{"generationComplete":true}}""");
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        string[] events = await _handler.UntilAsync("generated");
        Assert.Equal(4_000_004, events[0].Length);
        Assert.InRange(_pool.LargestRented, 1, Options.MaxMessageBytes);
    }

    [Fact]
    public async Task Frame_AgainstTheProtocol_IsAViolation()
    {
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendRawAsync(new byte[] { 0xF3, 0x01, 0x00 }); // reserved bits and opcode (RFC 6455 5.2)
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        LiveClose close = await EndAsync(session);
        Assert.Equal((LiveCloseKind.ProtocolViolated, LiveRetry.Never), (close.Kind, close.Retry));
    }

    [Fact]
    public async Task Handler_Throws_EndsTheSessionAndKeepsTheException()
    {
        _handler = new RecordingHandler { OnEvent = _ => throw new InvalidOperationException("a bug") };
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        LiveClose close = await EndAsync(session);
        Assert.Equal((LiveCloseKind.Defect, "a bug"), (close.Kind, close.Exception?.Message));
        Assert.Equal(1, session.Counters.Defects);
    }

    [Fact]
    public async Task Close_Orderly_SendsWhatIsQueuedAnd1000()
    {
        var received = new TaskCompletionSource<(List<string> Messages, WebSocketCloseStatus? Status)>();
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            List<string> messages = await connection.ReceiveAllAsync();
            received.SetResult((messages, connection.WebSocket.CloseStatus));
        });
        LiveSession session = await ConnectAsync(server);
        for (int i = 0; i < 100; i++) session.SendText($"{i}");
        await Task.WhenAll(session.CloseAsync(), session.CloseAsync(), session.DisposeAsync().AsTask());

        var (sent, status) = await received.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(100, sent.Count);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, status);
        Assert.Equal(LiveCloseKind.ClosedHere, (await session.Completion).Kind);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Close_FromAHandlerCallback_DoesNotDeadlock()
    {
        Task? closing = null;
        LiveSession? session = null;
        var connected = new TaskCompletionSource();
        _handler = new RecordingHandler { OnEvent = _ => closing = session!.CloseAsync() };
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connected.Task;
            await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
            await connection.ReceiveAllAsync();
        });
        session = await ConnectAsync(server);
        connected.SetResult();
        Assert.Equal(LiveCloseKind.ClosedHere, (await EndAsync(session)).Kind);
        await closing!.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Close_ServerAnswersNothing_IsBounded()
    {
        await using var server = LoopbackServer.SetUp(connection => connection.HangAsync());
        LiveSession session = await ConnectAsync(server, Options with { CloseTimeout = TimeSpan.FromMilliseconds(200) });
        long start = Stopwatch.GetTimestamp();
        await session.DisposeAsync();
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
        Assert.Equal(LiveCloseKind.ClosedHere, (await session.Completion).Kind);
    }

    [Fact]
    public async Task Close_WithALimit_TearsDownWhateverTheStage()
    {
        await using var server = LoopbackServer.SetUp(connection => connection.HangAsync());
        LiveSession session = await ConnectAsync(server, Options with { CloseTimeout = TimeSpan.FromMinutes(5) });
        for (int i = 0; i < 4; i++) session.SendText(new string('x', 4_000_000));
        long start = Stopwatch.GetTimestamp();
        await session.CloseAsync(TimeSpan.FromMilliseconds(100));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
        Assert.Equal(LiveCloseKind.ClosedHere, (await session.Completion).Kind);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Close_WithALimitThatSuffices_IsOrderly()
    {
        var status = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.ReceiveAllAsync();
            status.SetResult(connection.WebSocket.CloseStatus);
        });
        LiveSession session = await ConnectAsync(server);
        await session.CloseAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await status.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Network_TakesNothingMore_DropsOldAudioAndStillCloses()
    {
        await using var server = LoopbackServer.SetUp(connection => connection.HangAsync());
        LiveSession session = await ConnectAsync(server, Options with
        {
            CloseTimeout = TimeSpan.FromMilliseconds(200),
            AudioQueue = TimeSpan.FromMilliseconds(500),
        });
        string large = new('x', 4_000_000);
        for (int i = 0; i < 4; i++) Assert.True(session.SendText(large));
        var frame = new short[320];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 100; i++) Assert.True(session.TrySendAudio(frame));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromMilliseconds(500), session.QueuedAudio);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), session.Counters.AudioDropped);

        await session.DisposeAsync();

        Assert.Equal(LiveCloseKind.ClosedHere, (await session.Completion).Kind);
        Assert.Equal(TimeSpan.Zero, session.QueuedAudio);
    }

    [Fact]
    public async Task Sessions_ManyAtOnceWithFaults_LeaveNothingBehind()
    {
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            int fate = Random.Shared.Next(4);
            for (int i = 0; i < 20; i++) await connection.SendTextAsync("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"data":"AQIDBA=="}}]}}}""");
            if (fate == 0) connection.Reset();
            else if (fate == 1) await connection.CloseAsync(1011, "Internal error");
            else if (fate == 2) await connection.ReceiveAllAsync();
        });
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            LiveConnectResult result = await LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, new SilentHandler(), Options);
            if (result.Session is not { } session) return;
            var frame = new short[320];
            for (int i = 0; i < 30 && session.TrySendAudio(frame); i++)
            {
                session.SendToolResponse([new LiveToolResult("1", "f", JsonElement.Parse("{}"))]);
                await Task.Delay(1);
            }

            await session.DisposeAsync();
            Assert.True(session.Completion.IsCompleted);
        }));
        Assert.Equal(0, _pool.Outstanding);
    }

    private async Task<LiveSession> ConnectAsync(LoopbackServer server, LiveSessionOptions? options = null)
    {
        LiveConnectResult result = await LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, _handler, options ?? Options);
        Assert.True(result.IsConnected, result.ToString());
        return result.Session;
    }

    private static async Task<LiveClose> EndAsync(LiveSession session)
    {
        LiveClose close = await session.Completion.WaitAsync(TimeSpan.FromSeconds(20));
        await session.DisposeAsync();
        return close;
    }
}
