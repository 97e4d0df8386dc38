using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>Refuses every WebSocket upgrade with the same HTTP status.</summary>
internal sealed class RefusingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public RefusingServer(int status, string headers = "")
    {
        _listener.Start();
        _serving = ServeAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} No\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n"));
    }

    public string Endpoint => $"ws://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(byte[] answer)
    {
        var request = new byte[8192];
        while (await AcceptAsync() is { } client)
        {
            using (client)
            {
                try
                {
                    _ = await client.GetStream().ReadAsync(request);
                    await client.GetStream().WriteAsync(answer);
                }
                catch (IOException)
                {
                    // Gone before the answer.
                }
            }
        }
    }

    private async Task<TcpClient?> AcceptAsync()
    {
        try
        {
            return await _listener.AcceptTcpClientAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
