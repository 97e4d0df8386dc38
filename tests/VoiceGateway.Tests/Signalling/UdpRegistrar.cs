using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoiceGateway.Tests.Signalling;

/// <summary>A registrar on loopback that takes everybody, and keeps what it was sent.</summary>
internal sealed class UdpRegistrar : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Task _serving;

    public UdpRegistrar() => _serving = ServeAsync();

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    public ConcurrentQueue<(string Method, IPEndPoint From)> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var datagram = await _socket.ReceiveAsync();
                var lines = Encoding.UTF8.GetString(datagram.Buffer).Split("\r\n");
                if (lines[0].Split(' ') is not [var method, _, "SIP/2.0"]) continue;
                Requests.Enqueue((method, datagram.RemoteEndPoint));
                var answer = lines.Where(static l => new[] { "Via:", "From:", "To:", "Call-ID:", "CSeq:", "Contact:", "Expires:" }.Any(n => l.StartsWith(n, StringComparison.OrdinalIgnoreCase)))
                    .Select(static l => l.StartsWith("To:", StringComparison.OrdinalIgnoreCase) ? $"{l};tag=registrar" : l);
                await _socket.SendAsync(Encoding.UTF8.GetBytes($"SIP/2.0 200 OK\r\n{string.Join("\r\n", answer)}\r\nContent-Length: 0\r\n\r\n"), datagram.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Over.
        }
    }
}
