using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A WebSocket server on loopback that does with each connection what a test says, down to the raw bytes.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly Func<LoopbackConnection, Task> _script;
    private readonly List<Task> _connections = [];

    private readonly X509Certificate2? _certificate;

    /// <param name="script">Runs for each connection, from behind the request's head; the connection closes when it ends.</param>
    /// <param name="certificate">With one, the server speaks TLS.</param>
    public LoopbackServer(Func<LoopbackConnection, Task> script, X509Certificate2? certificate = null)
    {
        _script = script;
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>A server that accepts the setup and then runs <paramref name="script"/>.</summary>
    public static LoopbackServer SetUp(Func<LoopbackConnection, Task> script, X509Certificate2? certificate = null) => new(async connection =>
    {
        await connection.UpgradeAsync();
        await connection.ReceiveTextAsync();
        await connection.SendTextAsync("""{"setupComplete":{}}""");
        await script(connection);
    }, certificate);

    public LiveEndpoint Endpoint => new(
        new Uri($"{(_certificate is null ? "ws" : "wss")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"), "secret-key-of-the-test");

    /// <summary>What went wrong in a script, which the client's view does not show.</summary>
    public List<Exception> Faults { get; } = [];

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null) return client.GetStream();
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(_certificate);
        return tls;
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await using var connection = new LoopbackConnection(client, await OpenAsync(client), _stop.Token);
                await connection.ReadRequestAsync();
                await _script(connection);
            }
            catch (Exception fault)
            {
                lock (Faults) Faults.Add(fault);
            }
        }
    }
}
