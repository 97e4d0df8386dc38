using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>
/// A bad network between a peer and the gateway, for SIP over UDP: it stands where the peer believes the gateway to be, and
/// asks a rule what becomes of every datagram.
/// </summary>
internal sealed class SipRelay : IAsyncDisposable
{
    private readonly Socket _towardsPeer = Open();
    private readonly Socket _towardsGateway = Open();
    private readonly IPEndPoint _gateway;
    private readonly Func<SipDatagram, int> _copies;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _seen = [];
    private readonly Task _running;
    private EndPoint? _peer;

    /// <param name="gatewayPort">On loopback.</param>
    /// <param name="copies">How often a datagram is passed on; 0: it is lost.</param>
    public SipRelay(int gatewayPort, Func<SipDatagram, int> copies)
    {
        _gateway = new IPEndPoint(IPAddress.Loopback, gatewayPort);
        _copies = copies;
        _running = Task.WhenAll(
            PumpAsync(_towardsPeer, isRequest: true),
            PumpAsync(_towardsGateway, isRequest: false));
    }

    /// <summary>Where the peer is to send.</summary>
    public int Port => ((IPEndPoint)_towardsPeer.LocalEndPoint!).Port;

    /// <summary>Datagrams that did not get through, by their first line.</summary>
    public IReadOnlyList<string> Lost
    {
        get { lock (_gate) return [.. _lost]; }
    }

    private readonly List<string> _lost = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _towardsPeer.Dispose();
        _towardsGateway.Dispose();
        _stop.Dispose();
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task PumpAsync(Socket from, bool isRequest)
    {
        var buffer = new byte[65_536];
        try
        {
            while (true)
            {
                var received = await from.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (isRequest) _peer = received.RemoteEndPoint;
                var text = Encoding.UTF8.GetString(buffer, 0, received.ReceivedBytes);
                for (var copies = Decide(text, isRequest); copies > 0; copies--)
                    await (isRequest ? _towardsGateway.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), _gateway, _stop.Token)
                        : _towardsPeer.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), _peer!, _stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private int Decide(string text, bool isRequest)
    {
        lock (_gate)
        {
            var time = _seen[text] = _seen.GetValueOrDefault(text) + 1;
            var firstLine = text[..Math.Max(0, text.IndexOf('\r', StringComparison.Ordinal))];
            var copies = _copies(new SipDatagram(firstLine, isRequest, time));
            if (copies == 0) _lost.Add(firstLine);
            return copies;
        }
    }
}
