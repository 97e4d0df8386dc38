using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Against the framework's server, and against bytes that it would not send.</summary>
public sealed class LiveWebSocketTests : IDisposable
{
    private static readonly int[] Lengths = [0, 1, 2, 124, 125, 126, 127, 128, 4096, 16_383, 16_384, 16_385, 65_534, 65_535, 65_536, 65_537, 300_000];

    private readonly CountingPool _pool = new();
    private readonly Random _random = new(6455);

    public void Dispose() => Assert.Equal((0, 0), (_pool.Outstanding, _pool.ReturnedWrongly));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_ToTheFrameworksServer_Arrive(bool chopped)
    {
        var (client, server) = Pair(chopped);
        using LiveWebSocket socket = new(client, _pool);
        using WebSocket peer = WebSocket.CreateFromStream(server, new WebSocketCreationOptions { IsServer = true });
        var buffer = new byte[400_000];
        foreach (int length in Lengths)
        {
            byte[] payload = Text(length);
            await socket.SendAsync(WebSocketOpcode.Text, (byte[])[.. new byte[WebSocketFrame.Room], .. payload]);
            int received = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = await peer.ReceiveAsync(buffer.AsMemory(received), CancellationToken.None);
                received += result.Count;
            }
            while (!result.EndOfMessage);
            Assert.Equal(WebSocketMessageType.Text, result.MessageType);
            Assert.Equal(payload, buffer[..received]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_OfTheFrameworksServer_Arrive(bool chopped)
    {
        var (client, server) = Pair(chopped);
        using LiveWebSocket socket = new(client, _pool);
        using WebSocket peer = WebSocket.CreateFromStream(server, new WebSocketCreationOptions { IsServer = true });
        foreach (int length in Lengths)
        {
            foreach (int fragments in (int[])[1, 4])
            {
                byte[] payload = Text(length);
                WebSocketMessageType type = _random.Next(2) == 0 ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
                int at = 0;
                for (int fragment = 1; fragment <= fragments; fragment++)
                {
                    int count = fragment == fragments ? length - at : _random.Next(length - at + 1);
                    await peer.SendAsync(payload.AsMemory(at, count), type, fragment == fragments, CancellationToken.None);
                    at += count;
                }

                var (opcode, message) = await ReceiveAsync(socket);
                Assert.Equal(type == WebSocketMessageType.Text ? WebSocketOpcode.Text : WebSocketOpcode.Binary, opcode);
                Assert.Equal(payload, message);
            }
        }
    }

    [Fact]
    public async Task Sending_EachFrame_HasAKeyOfItsOwnAndIsDoneAtOnce()
    {
        var (client, server) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        for (int i = 0; i < 200; i++)
            Assert.True(socket.SendAsync(WebSocketOpcode.Text, (byte[])[.. new byte[WebSocketFrame.Room], .. "same"u8]).IsCompletedSuccessfully);

        var bytes = new byte[200 * 10];
        Assert.Equal(bytes.Length, await server.ReadAsync(bytes));
        List<ClientFrame> frames = ClientFrame.ReadAll(bytes);
        Assert.All(frames, frame => Assert.Equal("same", Encoding.UTF8.GetString(frame.Payload)));
        Assert.InRange(frames.Select(frame => frame.Key).Distinct().Count(), 199, 200);
    }

    [Fact]
    public async Task Waiting_HoldsNoMemory()
    {
        var (client, server) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        using var message = new PooledBuffer(_pool, 64);
        message.Release();
        var frames = new List<ReceivedFrame>();
        Func<ReceivedFrame, bool> one = frame =>
        {
            frames.Add(frame);
            return false;
        };
        Task receive = socket.ReceiveAsync(message, one);
        Assert.Equal((0, 0), (client.WaitsWith, _pool.Outstanding));

        // Half a head is kept, and nothing is when all that came was used.
        await server.WriteAsync(Convert.FromHexString("81"));
        await Until.TrueAsync(() => client.WaitsWith > 0, "half a head was not read");
        Assert.Equal(1, _pool.Outstanding);
        await server.WriteAsync(Convert.FromHexString("0178"));
        await receive;
        Assert.Equal([new ReceivedFrame(WebSocketOpcode.Text, 1, true, default)], frames);
        message.Release();
        receive = socket.ReceiveAsync(message, one);
        Assert.Equal((0, 0), (client.WaitsWith, _pool.Outstanding));
        client.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(async () => await receive);
    }

    [Fact]
    public async Task Frames_ManyAtOnce_AreReadAtOnce()
    {
        var (client, server) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        await server.WriteAsync((byte[])[.. Enumerable.Range(0, 100).SelectMany(i => ServerFrames.Frame(i % 10 == 9 ? 9 : 1, Encoding.ASCII.GetBytes($"{i}")))]);
        for (int i = 0; i < 100; i++)
        {
            var (opcode, message) = await ReceiveAsync(socket);
            Assert.Equal((i % 10 == 9 ? WebSocketOpcode.Ping : WebSocketOpcode.Text, $"{i}"), (opcode, Encoding.ASCII.GetString(message)));
        }

        Assert.Equal(1, client.Reads);
    }

    [Theory]
    [InlineData("8800", 1005, "")]
    [InlineData("880203E8", 1000, "")]
    [InlineData("880503F3627965", 1011, "bye")]
    [InlineData("880403F6C3BC", 1014, "ü")]
    [InlineData("880403E9FF41", 1001, "\uFFFDA")]
    [InlineData("88020BB8", 3000, "")]
    [InlineData("88021387", 4999, "")]
    public async Task Close_CodeAndReason_AreKept(string hex, int code, string reason)
    {
        var (client, server) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        await server.WriteAsync(Convert.FromHexString(hex));
        Assert.Equal(WebSocketOpcode.Close, (await ReceiveAsync(socket)).Opcode);
        Assert.Equal((code, reason), ((int?)socket.CloseStatus, socket.CloseStatusDescription));
    }

    [Theory]
    [InlineData("880103")]
    [InlineData("88020000")]
    [InlineData("880203E7")]
    [InlineData("880203EC")]
    [InlineData("880203ED")]
    [InlineData("880203EE")]
    [InlineData("880203F7")]
    [InlineData("88020BB7")]
    [InlineData("88021388")]
    public async Task Close_CodeThatNobodyMaySend_IsAViolation(string hex)
    {
        var (client, server) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        await server.WriteAsync(Convert.FromHexString(hex));
        var fault = await Assert.ThrowsAsync<FrameViolationException>(() => ReceiveAsync(socket));
        Assert.Equal(WebSocketCloseStatus.ProtocolError, fault.Status);
        Assert.Null(socket.CloseStatus);
    }

    [Fact]
    public async Task Close_BothWays_IsUnderstoodByTheFrameworksServer()
    {
        var (client, server) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        using WebSocket peer = WebSocket.CreateFromStream(server, new WebSocketCreationOptions { IsServer = true });
        await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure);
        Assert.Equal(WebSocketMessageType.Close, (await peer.ReceiveAsync(new byte[10].AsMemory(), default)).MessageType);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, peer.CloseStatus);
        Assert.True(socket.DrainAsync().IsCompleted);

        await peer.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", default);
        Assert.Equal(WebSocketOpcode.Close, (await ReceiveAsync(socket)).Opcode);
        Assert.Equal((WebSocketCloseStatus.NormalClosure, "bye"), (socket.CloseStatus, socket.CloseStatusDescription));
        await socket.DrainAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(WebSocketState.Closed, peer.State);
    }

    [Fact]
    public async Task Close_BothWays_LeavesTheConnectionToTheServer()
    {
        var (client, server) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        await server.WriteAsync(Convert.FromHexString("880203E8" + "810178"));
        Assert.Equal(WebSocketOpcode.Close, (await ReceiveAsync(socket)).Opcode);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure);
        Task drained = socket.DrainAsync();
        await server.WriteAsync(new byte[1000]);
        Assert.False(drained.IsCompleted);
        server.Dispose();
        await drained.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("")]
    [InlineData("81")]
    [InlineData("8105486")]
    [InlineData("0105486560")]
    public async Task End_WithoutACloseFrame_IsAnEndOfTheStream(string hex)
    {
        var (client, server) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        await server.WriteAsync(Convert.FromHexString(hex[..(hex.Length & ~1)]));
        server.Dispose();
        var fault = await Assert.ThrowsAsync<EndOfStreamException>(() => ReceiveAsync(socket));
        Assert.Equal(LiveCloseKind.NetworkLost, LiveFaults.FromTransport(fault, null, null).Kind);

        // There is nobody to say it to.
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Abort_EndsWhoWaitsAndSaysThatItWasUs()
    {
        var (client, _) = DuplexStream.Pair();
        using LiveWebSocket socket = new(client, _pool);
        Task receive = ReceiveAsync(socket);
        Assert.False(receive.IsCompleted);
        socket.Abort();
        var fault = await Assert.ThrowsAsync<IOException>(() => receive.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(SocketError.OperationAborted, Assert.IsType<SocketException>(fault.InnerException).SocketErrorCode);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure);
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(async () => await socket.SendAsync(WebSocketOpcode.Text, new byte[20]));
    }

    // The next message, or the control frame before it.
    private async Task<(WebSocketOpcode Opcode, byte[] Message)> ReceiveAsync(LiveWebSocket socket)
    {
        using var message = new PooledBuffer(_pool, 1024);
        ReceivedFrame last = default;
        byte[] control = [];
        await socket.ReceiveAsync(message, frame =>
        {
            (last, control) = (frame, frame.Control.ToArray());
            return !frame.EndOfMessage;
        });
        return (last.Opcode, last.Opcode >= WebSocketOpcode.Close ? control : message.Written.ToArray());
    }

    private (DuplexStream Client, DuplexStream Server) Pair(bool chopped) =>
        DuplexStream.Pair(chopped ? () => _random.Next(10) == 0 ? _random.Next(1, 20_000) : _random.Next(1, 300) : null);

    private byte[] Text(int length)
    {
        var text = new byte[length];
        for (int i = 0; i < length; i++) text[i] = (byte)_random.Next(32, 127);
        return text;
    }
}
