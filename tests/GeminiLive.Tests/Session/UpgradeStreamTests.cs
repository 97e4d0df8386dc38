using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class UpgradeStreamTests
{
    private const string Head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    [Theory]
    [InlineData(Head)]
    [InlineData("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n" + Head)]
    [InlineData("\r\n" + Head)]
    public async Task Read_InAnyPieces_StopsAtTheHeadAndTheRestIsTheConnections(string head)
    {
        const string Frames = "first\r\n\r\nsecond";
        for (int piece = 1; piece <= head.Length + Frames.Length; piece++)
        {
            (DuplexStream client, DuplexStream server) = DuplexStream.Pair(() => piece);
            await using (server)
            {
                await server.WriteAsync(Encoding.ASCII.GetBytes(head + Frames));
                var stream = new UpgradeStream(client);
                Assert.Equal(head, await ReadAsync(stream, head.Length));

                // As the client does that has got its answer.
                Stream connection = stream.Detach();
                await stream.DisposeAsync();
                await server.WriteAsync("!"u8.ToArray());
                Assert.Equal(Frames + "!", await ReadAsync(connection, Frames.Length + 1));
                await connection.WriteAsync("up"u8.ToArray());
                Assert.Equal("up", await ReadAsync(server, 2));
                await connection.DisposeAsync();
                Assert.Equal(0, await server.ReadAsync(new byte[1]));
            }
        }
    }

    [Fact]
    public async Task Read_Refusal_GoesOnWithItsBody()
    {
        const string Refusal = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 12\r\n\r\nno\n\nmore\r\n\r\n";
        (DuplexStream client, DuplexStream server) = DuplexStream.Pair();
        await using var stream = new UpgradeStream(client);
        await server.WriteAsync(Encoding.ASCII.GetBytes(Refusal));
        Assert.Equal(Refusal, await ReadAsync(stream, Refusal.Length));
        await server.DisposeAsync();
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task Dispose_BeforeItIsDetached_ClosesTheConnection()
    {
        (DuplexStream client, DuplexStream server) = DuplexStream.Pair();
        await new UpgradeStream(client).DisposeAsync();
        Assert.Equal(0, await server.ReadAsync(new byte[1]));
    }

    private static async Task<string> ReadAsync(Stream stream, int bytes)
    {
        var read = new byte[bytes];
        await stream.ReadExactlyAsync(read).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        return Encoding.ASCII.GetString(read);
    }
}
