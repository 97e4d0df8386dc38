using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>A bare socket that sends text and reads whole messages: what another implementation would be.</summary>
internal sealed class LoopbackPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Socket _socket;
    private readonly SipStreamFramer _framer = new();
    private readonly Queue<string> _ready = new();

    private LoopbackPeer(Socket socket) => _socket = socket;

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    private bool IsStream => _socket.SocketType == SocketType.Stream;

    public static async Task<LoopbackPeer> ConnectAsync(SipListen to)
    {
        bool isUdp = to.Kind == SipTransportKind.Udp;
        var socket = new Socket(to.EndPoint.AddressFamily, isUdp ? SocketType.Dgram : SocketType.Stream, isUdp ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(to.EndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0));
        await socket.ConnectAsync(to.EndPoint);
        return new LoopbackPeer(socket);
    }

    public static LoopbackPeer Adopt(Socket socket) => new(socket);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));

    /// <summary>The next message; null when the peer closed; "ping" for a keep-alive answer.</summary>
    public async Task<string?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[65_536];
        while (_ready.Count == 0)
        {
            int length;
            try
            {
                length = await _socket.ReceiveAsync(buffer, patience.Token);
            }
            catch (SocketException)
            {
                return null;
            }

            if (length == 0)
                return null;
            Take(buffer.AsSpan(0, length));
        }

        return _ready.Dequeue();
    }

    /// <summary>The first message that starts so; others before it are dropped.</summary>
    public async Task<string> ReceiveAsync(string start)
    {
        while (await ReceiveAsync() is { } message)
        {
            if (message.StartsWith(start, StringComparison.Ordinal))
                return message;
        }

        throw new InvalidOperationException($"The peer closed before \"{start}\" came.");
    }

    public string Options(string host = "127.0.0.1", string callId = "probe", int cseq = 1) =>
        $"""
        OPTIONS sip:gw@{host} SIP/2.0
        Via: SIP/2.0/{(IsStream ? "TCP" : "UDP")} {host}:{Port};rport;branch=z9hG4bK{callId}{cseq}
        Max-Forwards: 70
        From: <sip:peer@{host}>;tag=p
        To: <sip:gw@{host}>
        Call-ID: {callId}
        CSeq: {cseq} OPTIONS
        Content-Length: 0


        """;

    public void Dispose() => _socket.Dispose();

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (!IsStream)
        {
            _ready.Enqueue(Encoding.UTF8.GetString(bytes));
            return;
        }

        if (bytes.SequenceEqual("\r\n"u8))
        {
            _ready.Enqueue("ping");
            return;
        }

        while (_framer.Read(ref bytes, out var message) == SipFrame.Message)
            _ready.Enqueue(Encoding.UTF8.GetString(message));
    }
}
