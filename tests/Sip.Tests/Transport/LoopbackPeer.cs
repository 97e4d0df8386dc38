using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>A bare socket that sends text and reads whole messages: what another implementation would be.</summary>
internal sealed class LoopbackPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Socket _socket;
    private readonly SipStreamFramer _framer = new();
    private readonly Queue<string> _ready = new();
    private readonly SslStream? _tls;

    private LoopbackPeer(Socket socket, SslStream? tls = null)
    {
        _socket = socket;
        _tls = tls;
    }

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

    /// <summary>A TLS client that takes any certificate; <see cref="Shown"/> is what the server has shown.</summary>
    public static async Task<LoopbackPeer> ConnectTlsAsync(SipListen to, X509Certificate2? own = null)
    {
        var socket = new Socket(to.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to.EndPoint);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        using var patience = new CancellationTokenSource(Patience);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "gw.example.com",
                ClientCertificateContext = own is null ? null : SslStreamCertificateContext.Create(own, null, offline: true),
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
            patience.Token);
        return new LoopbackPeer(socket, tls);
    }

    public X509Certificate? Shown => _tls?.RemoteCertificate;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_tls is not null)
        {
            await _tls.WriteAsync(bytes);
            return;
        }

        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));

    /// <summary>The next message; null when the peer closed; "ping" for a keep-alive answer, "keep-alive" for one of the other side's.</summary>
    public async Task<string?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[65_536];
        while (_ready.Count == 0)
        {
            int length;
            try
            {
                length = _tls is null ? await _socket.ReceiveAsync(buffer, patience.Token) : await _tls.ReadAsync(buffer, patience.Token);
            }
            catch (Exception e) when (e is SocketException or IOException)
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
        Via: SIP/2.0/{(_tls is not null ? "TLS" : IsStream ? "TCP" : "UDP")} {host}:{Port};rport;branch=z9hG4bK{callId}{cseq}
        Max-Forwards: 70
        From: <sip:peer@{host}>;tag=p
        To: <sip:gw@{host}>
        Call-ID: {callId}
        CSeq: {cseq} OPTIONS
        Content-Length: 0


        """;

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (!IsStream)
        {
            _ready.Enqueue(Encoding.UTF8.GetString(bytes));
            return;
        }

        if (bytes.SequenceEqual("\r\n"u8) || bytes.SequenceEqual("\r\n\r\n"u8))
        {
            _ready.Enqueue(bytes.Length == 2 ? "ping" : "keep-alive");
            return;
        }

        while (_framer.Read(ref bytes, out var message) == SipFrame.Message)
            _ready.Enqueue(Encoding.UTF8.GetString(message));
    }
}
