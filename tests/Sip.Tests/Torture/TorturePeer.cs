using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoiceGateway.Sip.Tests.Torture;

/// <summary>
/// Who sends a torture message over a real socket, as its Via says: over UDP the answer goes to the port named there, so this peer has
/// that port, on a loopback address of its own. Messages of one transaction (some have the same branch, and so one repeats the other)
/// come from one address.
/// </summary>
internal sealed class TorturePeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly int Run = Random.Shared.Next();

    private readonly Socket _socket;
    private readonly SipStreamFramer _framer = new();
    private readonly Queue<string> _ready = new();
    private readonly byte[] _buffer = new byte[65_536];

    private TorturePeer(Socket socket) => _socket = socket;

    private bool IsStream => _socket.SocketType == SocketType.Stream;

    /// <param name="service">Where the service listens, on IPv4.</param>
    /// <param name="message">What is going to be sent.</param>
    public static async Task<TorturePeer> ConnectAsync(SipListen service, byte[] message)
    {
        var isUdp = service.Kind == SipTransportKind.Udp;
        var request = isUdp && SipParser.TryParse(message, SipLimits.Default, out var parsed, out _) == SipParseResult.Message ? parsed : null;
        var port = request is { TopVia.HasRport: false } ? request.TopVia.Port ?? 5060 : 0;
        for (var attempt = 1; ; attempt++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, isUdp ? SocketType.Dgram : SocketType.Stream, isUdp ? ProtocolType.Udp : ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(port == 0 ? IPAddress.Loopback : OwnLoopback(request!, attempt), port));
                await socket.ConnectAsync(service.EndPoint);
                return new TorturePeer(socket);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < 10)
            {
                socket.Dispose();
            }
        }
    }

    /// <summary>Confirms a refusal of an INVITE, so that it is not repeated.</summary>
    public async Task AcknowledgeAsync(byte[] invite, string answer)
    {
        if (SipParser.TryParse(invite, SipLimits.Default, out var sent, out _) == SipParseResult.Message && sent is SipRequest { Method: SipMethods.Invite } request
            && SipParser.TryParse(Encoding.UTF8.GetBytes(answer), SipLimits.Default, out var received, out _) == SipParseResult.Message)
        {
            await SendAsync(request.CreateAck((SipResponse)received!).ToBytes());
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    /// <summary>The next final response, or null when the service closed the connection.</summary>
    public async Task<string?> FinalAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            while (_ready.TryDequeue(out var message))
            {
                if (!message.StartsWith("SIP/2.0 1", StringComparison.Ordinal))
                    return message;
            }

            var length = await _socket.ReceiveAsync(_buffer, patience.Token);
            if (length == 0 && IsStream)
                return null;
            Take(_buffer.AsSpan(0, length));
        }
    }

    /// <summary>What else has been said: over TCP until the service closes, too, because nothing more will come.</summary>
    public async Task<List<string>> RestAsync()
    {
        List<string> rest = [];
        if (IsStream)
        {
            _socket.Shutdown(SocketShutdown.Send);
            while (await FinalAsync() is { } message)
                rest.Add(message);
            return rest;
        }

        while (_socket.Available > 0 || _ready.Count > 0)
            rest.Add((await FinalAsync())!);
        return rest;
    }

    /// <summary>Asks the service whether it is there, and returns the status line.</summary>
    public static async Task<string> ProbeAsync(SipListen service)
    {
        using var peer = await ConnectAsync(service, []);
        var local = (IPEndPoint)peer._socket.LocalEndPoint!;
        var id = Guid.NewGuid().ToString("N");
        await peer.SendAsync(Encoding.ASCII.GetBytes(
            $"OPTIONS sip:gw@{service.EndPoint} SIP/2.0\r\nVia: SIP/2.0/{(peer.IsStream ? "TCP" : "UDP")} {local};rport;branch=z9hG4bK{id}\r\nMax-Forwards: 70\r\n" +
            $"From: <sip:probe@{local}>;tag=p\r\nTo: <sip:gw@{service.EndPoint}>\r\nCall-ID: {id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
        return (await peer.FinalAsync() ?? "closed").Split("\r\n")[0];
    }

    public void Dispose() => _socket.Dispose();

    // Everything in 127/8 is loopback on Linux; elsewhere only 127.0.0.1 is sure to be.
    private static IPAddress OwnLoopback(SipMessage message, int attempt)
    {
        if (!OperatingSystem.IsLinux())
            return IPAddress.Loopback;
        var random = new Random(HashCode.Combine(Run, attempt, message.TopVia.ToString(), message.CSeq.Method));
        return new IPAddress([127, (byte)random.Next(1, 255), (byte)random.Next(256), (byte)random.Next(1, 255)]);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (!IsStream)
        {
            _ready.Enqueue(Encoding.UTF8.GetString(bytes));
            return;
        }

        while (_framer.Read(ref bytes, out var message) == SipFrame.Message)
            _ready.Enqueue(Encoding.UTF8.GetString(message));
    }
}
