using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests;

/// <summary>How a connection ended under the WebSocket.</summary>
internal enum TcpEnd
{
    Fin,
    Reset,
}

/// <summary>A WebSocket client made of bytes (RFC 6455): it sees pongs, any close code, FIN and RST, and messages that are no JSON.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _tcp = new();

    public string Status { get; private set; } = "";

    public List<string> Headers { get; } = [];

    public TcpEnd? End { get; private set; }

    public static async Task<RawClient> ConnectAsync(LiveSimulatorServer server, string path = TestClient.DeveloperPath)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(server.Endpoint.Host, server.Endpoint.Port);
        await client._tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        client.Status = await client.ReadLineAsync();
        for (var line = await client.ReadLineAsync(); line.Length > 0; line = await client.ReadLineAsync())
            client.Headers.Add(line);
        return client;
    }

    /// <summary>Connects, sets up and reads until <c>setupComplete</c>.</summary>
    public static async Task<RawClient> StartAsync(LiveSimulatorServer server, string members = "")
    {
        var client = await ConnectAsync(server);
        await client.SetUpAsync(members);
        await client.UntilAsync("setupComplete");
        return client;
    }

    public Task SetUpAsync(string members = "") => SendAsync("{\"setup\":{\"model\":\"models/gemini-3.8-live\"" + (members.Length > 0 ? "," + members : "") + "}}");

    public Task NudgeAsync() => SendAsync("""{"realtimeInput":{"text":"Hello?"}}""");

    public Task SendAsync(string json) => SendFrameAsync(Text, Encoding.UTF8.GetBytes(json));

    public async Task SendFrameAsync(int opcode, byte[] payload)
    {
        // Masked, as a client must, with a key of zeros, which leaves the payload as it is.
        var header = new byte[14];
        header[0] = (byte)(0x80 | opcode);
        var length = 2;
        if (payload.Length < 126)
        {
            header[1] = (byte)(0x80 | payload.Length);
        }
        else
        {
            header[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)payload.Length);
            length = 4;
        }

        await _tcp.GetStream().WriteAsync((byte[])[.. header[..(length + 4)], .. payload]);
    }

    /// <returns>Null when the connection has ended; see <see cref="End"/>.</returns>
    public async Task<(int Opcode, byte[] Payload)?> ReadAsync()
    {
        try
        {
            var header = await ReadBytesAsync(2);
            long length = header[1] & 0x7F;
            if (length == 126)
                length = BinaryPrimitives.ReadUInt16BigEndian(await ReadBytesAsync(2));
            else if (length == 127)
                length = BinaryPrimitives.ReadInt64BigEndian(await ReadBytesAsync(8));
            return (header[0] & 0x0F, await ReadBytesAsync((int)length));
        }
        catch (EndOfStreamException)
        {
            End = TcpEnd.Fin;
        }
        catch (IOException fault) when (fault.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            End = TcpEnd.Reset;
        }

        return null;
    }

    /// <summary>Whether anything comes within that time.</summary>
    public async Task<bool> IsSilentAsync(int milliseconds)
    {
        var probe = new byte[1];
        using var limit = new CancellationTokenSource(milliseconds);
        try
        {
            await _tcp.Client.ReceiveAsync(probe, SocketFlags.Peek, limit.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Reads until a message has that member at its top.</summary>
    public async Task<JsonElement> UntilAsync(string member)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Opcode is Text or Binary && JsonElement.Parse(frame.Payload) is var message && message.TryGetProperty(member, out _))
                return message;
        }

        throw new InvalidOperationException($"no {member}: {End}");
    }

    /// <returns>Everything up to the close frame, which comes last, or the end of the connection.</returns>
    public async Task<List<(int Opcode, byte[] Payload)>> ReadToEndAsync()
    {
        var frames = new List<(int Opcode, byte[] Payload)>();
        while (await ReadAsync() is { } frame)
        {
            frames.Add(frame);
            if (frame.Opcode == Close)
                break;
        }

        return frames;
    }

    public static (int? Code, string Reason) ReadClose((int Opcode, byte[] Payload) frame) => frame.Payload.Length == 0
        ? (null, "")
        : (BinaryPrimitives.ReadUInt16BigEndian(frame.Payload), Encoding.UTF8.GetString(frame.Payload.AsSpan(2)));

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        await _tcp.GetStream().ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            line.Append((char)(await ReadBytesAsync(1))[0]);
        return line.ToString(0, line.Length - 2);
    }
}
