using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>The server's end of one connection.</summary>
internal sealed class LoopbackConnection(TcpClient client, Stream stream, CancellationToken stop) : IAsyncDisposable
{
    private readonly Stream _stream = stream;
    private readonly byte[] _buffer = new byte[1024 * 1024];

    public CancellationToken Stop => stop;

    public string Request { get; private set; } = "";

    public WebSocket WebSocket { get; private set; } = null!;

    /// <summary>For a server without <see cref="WebSocket"/>.</summary>
    public Stream Raw => _stream;

    public async Task ReadRequestAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(one, stop) == 0) return;
            head.Append((char)one[0]);
        }

        Request = head.ToString();
    }

    public string? Header(string name) => Request.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    /// <summary>RFC 6455 4.2.2.</summary>
    /// <param name="before">Of the answer, in the same write.</param>
    /// <param name="behind">Frames in the same write.</param>
    public async Task UpgradeAsync(string before = "", byte[]? behind = null)
    {
        string accept = Convert.ToBase64String(SHA1.HashData(
            Encoding.ASCII.GetBytes(Header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        byte[] head = Encoding.ASCII.GetBytes(
            $"{before}HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
        await SendRawAsync((byte[])[.. head, .. behind ?? []]);
        WebSocket = WebSocket.CreateFromStream(_stream, new WebSocketCreationOptions { IsServer = true });
    }

    public Task RefuseAsync(string statusLine, string headers = "") =>
        SendRawAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {statusLine}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n"));

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, stop);

    public Task SendTextAsync(string json) => SendAsync(Encoding.UTF8.GetBytes(json));

    public async Task SendAsync(ReadOnlyMemory<byte> json, WebSocketMessageType type = WebSocketMessageType.Text, bool end = true) =>
        await WebSocket.SendAsync(json, type, end, stop);

    /// <summary>An unmasked text frame by hand (RFC 6455 5.2), for lengths and flags that WebSocket does not write.</summary>
    public async Task SendFrameHeadAsync(byte firstByte, long payloadLength)
    {
        var head = new byte[10];
        head[0] = firstByte;
        head[1] = 127;
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), payloadLength);
        await SendRawAsync(head);
    }

    /// <returns>Null when the client closed.</returns>
    public async Task<string?> ReceiveTextAsync()
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult frame = await WebSocket.ReceiveAsync(_buffer.AsMemory(length), stop);
            if (frame.MessageType == WebSocketMessageType.Close) return null;
            if (frame.MessageType != WebSocketMessageType.Text) throw new InvalidDataException("clients send text frames");
            length += frame.Count;
            if (frame.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    /// <summary>Reads on until the client closes, then answers the close.</summary>
    public async Task<List<string>> ReceiveAllAsync()
    {
        var messages = new List<string>();
        while (await ReceiveTextAsync() is { } text) messages.Add(text);
        if (WebSocket.State == WebSocketState.CloseReceived)
            await WebSocket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
        return messages;
    }

    public async Task CloseAsync(int code, string? reason) =>
        await WebSocket.CloseOutputAsync((WebSocketCloseStatus)code, reason, stop);

    /// <summary>RST in place of FIN.</summary>
    public void Reset() => client.Client.Close(0);

    /// <summary>
    /// As if the cable were pulled: the kernel drops whatever arrives, before it acknowledges it (Linux, SO_ATTACH_FILTER
    /// with the one instruction "accept 0 bytes").
    /// </summary>
    public unsafe void Deafen()
    {
        const int SocketLevel = 1, AttachFilter = 26;
        ulong dropAll = 0x06; // BPF_RET | BPF_K, jt 0, jf 0, k 0
        Span<byte> program = stackalloc byte[16];
        program.Clear();
        program[0] = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(program[8..], (ulong)&dropAll);
        client.Client.SetRawSocketOption(SocketLevel, AttachFilter, program);
    }

    /// <summary>Nothing is read or written until the server stops.</summary>
    public async Task HangAsync()
    {
        try
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        WebSocket?.Dispose();
        await _stream.DisposeAsync();
    }
}
