using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>What a session makes of the frames below it. The server speaks by hand, so that every byte is seen.</summary>
public sealed class WebSocketSessionTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20), KeepAlive = TimeSpan.FromSeconds(30);
    private readonly CountingPool _pool = new();
    private readonly RecordingHandler _handler = new();

    public static TheoryData<string, string> Violations => ServerFrames.Violations;

    public void Dispose() => Assert.Equal((0, 0), (_pool.Outstanding, _pool.ReturnedWrongly));

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Violation_EndsTheSessionWith1002(string hex, string what)
    {
        var told = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendRawAsync(Convert.FromHexString(hex));
            await connection.ReceiveAllAsync();
            told.SetResult(connection.WebSocket.CloseStatus);
        });
        await using LiveSession session = await ConnectAsync(server);
        LiveClose close = await session.Completion.WaitAsync(Limit);
        Assert.Equal((LiveCloseKind.ProtocolViolated, LiveRetry.Never, null), (close.Kind, close.Retry, close.Code));
        Assert.Contains(what, close.Reason);
        Assert.Equal(WebSocketCloseStatus.ProtocolError, await told.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task Text_NotUtf8_EndsTheSessionWith1007()
    {
        var told = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendRawAsync(Convert.FromHexString("8102C328"));
            await connection.ReceiveAllAsync();
            told.SetResult(connection.WebSocket.CloseStatus);
        });
        await using LiveSession session = await ConnectAsync(server);
        Assert.Equal(LiveCloseKind.ProtocolViolated, (await session.Completion.WaitAsync(Limit)).Kind);
        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, await told.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task Close_ByTheServerWithoutACode_IsAnOrderlyEnd()
    {
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.SendRawAsync(ServerFrames.Frame(8, []));
            await connection.ReceiveAllAsync();
        });
        await using LiveSession session = await ConnectAsync(server);
        LiveClose close = await session.Completion.WaitAsync(Limit);
        Assert.Equal((LiveCloseKind.ClosedByServer, 1005, LiveRetry.Now), (close.Kind, close.Code, close.Retry));
    }

    [Fact]
    public async Task Frames_BehindTheUpgradeInOneSegment_AreNotLost()
    {
        await using var server = new LoopbackServer(async connection =>
        {
            string accept = Convert.ToBase64String(SHA1.HashData(
                Encoding.ASCII.GetBytes(connection.Header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
            await connection.SendRawAsync((byte[])[
                .. Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"),
                .. ServerFrames.Frame(9, "p"u8),
                .. ServerFrames.Frame(2, """{"setupComplete":{}}"""u8),
                .. ServerFrames.Frame(1, "{\"serverContent\":{"u8, final: false),
                .. ServerFrames.Frame(10, "nobody asked"u8),
                .. ServerFrames.Frame(0, "\"turnComplete\":true}}"u8),
            ]);
            await connection.HangAsync();
        });
        await using LiveSession session = await ConnectAsync(server, new LiveSessionOptions { BufferPool = _pool, CloseTimeout = TimeSpan.FromMilliseconds(100) });
        await _handler.UntilAsync("turn");
        Assert.Equal(2, session.Counters.MessagesReceived);
    }

    [Fact]
    public async Task Ping_WhileAudioFlows_IsAnsweredWithItsPayload()
    {
        const int Pings = 50;
        var frames = new List<ClientFrame>();
        var go = new SemaphoreSlim(0);
        await using var server = ByHand(async (connection, stream) =>
        {
            for (int i = 0; i < Pings; i++)
            {
                await go.WaitAsync(connection.Stop);
                await connection.SendRawAsync(ServerFrames.Frame(9, Encoding.ASCII.GetBytes($"ping {i}")));
                frames.AddRange(await ReadUntilAsync(stream, frame => frame.Opcode == WebSocketOpcode.Pong, connection.Stop));
            }

            await connection.SendRawAsync(ServerFrames.Frame(1, """{"serverContent":{"turnComplete":true}}"""u8));
            frames.AddRange(await ReadUntilAsync(stream, frame => frame.Opcode == WebSocketOpcode.Close, connection.Stop));
            await connection.SendRawAsync(ServerFrames.Frame(8, [0x03, 0xE8]));
        });
        LiveSession session = await ConnectAsync(server);
        long connected = session.LastReceived;
        long before = session.ClientMessagesSent;
        var frame = new short[320];
        for (int i = 0; _handler.Events.Length == 0; i++)
        {
            Assert.True(session.TrySendAudio(frame));
            if (i % 3 == 0) session.SendText($"{i}");
            if (i < Pings) go.Release();
            if (i == Pings / 2) Assert.Equal(connected, session.LastReceived);
            await Task.Delay(1);
        }

        await session.CloseAsync();
        await server.DisposeAsync();
        Assert.Equal(
            Enumerable.Range(0, Pings).Select(i => $"ping {i}"),
            frames.Where(sent => sent.Opcode == WebSocketOpcode.Pong).Select(sent => Encoding.ASCII.GetString(sent.Payload)));
        Assert.Equal(session.ClientMessagesSent - before, frames.Count(sent => sent.Opcode == WebSocketOpcode.Text));
        Assert.Equal("03E8", Convert.ToHexString(frames[^1].Payload));
    }

    [Fact]
    public async Task ThirtySeconds_SendAPongAndNeverAPing()
    {
        const int Times = 20;
        var frames = new List<ClientFrame>();
        int received = 0;
        await using var server = ByHand(async (connection, stream) =>
        {
            frames = await ReadUntilAsync(stream, frame => Interlocked.Increment(ref received) > 0 && frame.Opcode == WebSocketOpcode.Close, connection.Stop);
            await connection.SendRawAsync(ServerFrames.Frame(8, [0x03, 0xE8]));
        });
        var time = new FiredTime();
        LiveSession session = await ConnectAsync(server, new LiveSessionOptions { BufferPool = _pool, TimeProvider = time });
        for (int i = 1; i <= Times; i++)
        {
            time.Fire(KeepAlive);
            await Until.TrueAsync(() => Volatile.Read(ref received) == i, "the pong was not sent");
        }

        Assert.False(session.Completion.IsCompleted);
        await session.CloseAsync();
        await server.DisposeAsync();
        Assert.Equal(Times, frames.Count(frame => frame is { Opcode: WebSocketOpcode.Pong, Payload: [] }));
        Assert.DoesNotContain(frames, frame => frame.Opcode == WebSocketOpcode.Ping);
        Assert.False(time.Runs(KeepAlive));
    }

    // The setup is read by hand as well: the framework's socket would read ahead.
    private static LoopbackServer ByHand(Func<LoopbackConnection, Stream, Task> script) => new(async connection =>
    {
        await connection.UpgradeAsync();
        await ReadUntilAsync(connection.Raw, static frame => frame.Opcode == WebSocketOpcode.Text, connection.Stop);
        await connection.SendRawAsync(ServerFrames.Frame(1, """{"setupComplete":{}}"""u8));
        await script(connection, connection.Raw);
    });

    private static async Task<List<ClientFrame>> ReadUntilAsync(Stream stream, Func<ClientFrame, bool> last, CancellationToken stop)
    {
        var frames = new List<ClientFrame>();
        var head = new byte[14];
        do
        {
            await stream.ReadExactlyAsync(head.AsMemory(0, 2), stop);
            int rest = (head[1] & 0x7F) switch { 126 => 6, 127 => 12, _ => 4 };
            await stream.ReadExactlyAsync(head.AsMemory(2, rest), stop);
            int length = (head[1] & 0x7F) switch { 126 => (head[2] << 8) | head[3], 127 => throw new NotSupportedException(), var few => few };
            var payload = new byte[length];
            await stream.ReadExactlyAsync(payload, stop);
            frames.Add(ClientFrame.Read([.. head.AsSpan(0, 2 + rest), .. payload], out _));
        }
        while (!last(frames[^1]));
        return frames;
    }

    private async Task<LiveSession> ConnectAsync(LoopbackServer server, LiveSessionOptions? options = null)
    {
        LiveConnectResult result = await LiveSession.ConnectAsync(
            server.Endpoint, Setups.Minimal, _handler, options ?? new LiveSessionOptions { BufferPool = _pool });
        Assert.True(result.IsConnected, result.ToString());
        return result.Session;
    }
}
